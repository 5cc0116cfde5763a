"""Searches by successive halving: which combinations of a grid an experiment keeps, and which one was chosen last."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean
from typing import Any, Final

import msgspec
import yaml

from records.atomic import write_text
from records.errors import InputError, nearest
from records.search import Chosen, Kept, Outcome
from records.variants import Choice
from workflow.documents import Dumper, read_yaml
from workflow.grid import GRID, combinations
from workflow.schemas import convert

Json = dict[str, Any]

FILE: Final = "chosen.yaml"
"""The file of what was chosen, beside the editions."""

HEAD: Final = (
    "# What the search for settings tried and kept, by experiment and variant of config/comparisons/search.yaml.\n"
    "# Accuracies are of training images that no network here was trained on. Written by `make search`.\n"
)

METRIC: Final = "test_accuracy"


def load_chosen(folder: Path) -> Chosen:
    """Read what searches have kept; nothing if there is no such file.

    Parameters
    ----------
    folder
        The folder of the configuration.

    Raises
    ------
    InputError
        If the file has mistakes.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    found: Chosen = convert(read_yaml(path), Chosen, str(path))
    return found


def best(chosen: Chosen, choice: Choice) -> Mapping[str, Any]:
    """Return the values of the best combination, by the path of a setting.

    Raises
    ------
    InputError
        If there was no such search.
    """
    experiment = chosen.get(choice.experiment, {})
    if choice.variant not in experiment:
        raise InputError(
            f"config/{FILE}: nothing was chosen for {choice.variant!r} of {choice.experiment!r}; "
            f"{nearest(choice.variant, experiment)}"
        )
    return experiment[choice.variant].kept[0].values


def survivors(chosen: Chosen, experiment: str) -> frozenset[str]:
    """Return the names of the variants that an experiment has kept."""
    return frozenset(
        kept.variant for outcome in chosen.get(experiment, {}).values() for kept in outcome.kept
    )


def choose(
    written: Mapping[str, Json], epochs: Path, experiment: str, keep: int
) -> dict[str, Outcome]:
    """Return what an experiment has shown of each variant with a grid.

    Parameters
    ----------
    written
        The experiment's variants, as they are written.
    epochs
        The table ``epochs.csv`` of its study.
    experiment
        Its name.
    keep
        How many combinations are kept of each, at most.

    Raises
    ------
    InputError
        If the table has no runs of a variant.
    """
    last = _last_accuracies(epochs, experiment)
    outcomes = {}
    for name, variant in written.items():
        made = dict(combinations(name, variant.get(GRID, {})))
        accuracies = {each: last[each] for each in made if each in last}
        if not accuracies:
            raise InputError(f"{epochs}: has no runs of {name!r} in {experiment!r}; run the search")
        means = {each: _mean(found) for each, found in accuracies.items()}
        ranked = sorted(means, key=lambda each: -means[each])[:keep]
        outcomes[name] = Outcome(
            tried=len(accuracies),
            kept=tuple(
                Kept(variant=each, accuracy=round(means[each], 6), values=made[each])
                for each in ranked
            ),
            accuracies=accuracies,
        )
    return outcomes


def write_chosen(folder: Path, chosen: Chosen) -> None:
    """Write the file of what was chosen."""
    text = yaml.dump(
        msgspec.to_builtins(chosen),
        Dumper=Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=120,
        default_flow_style=None,
    )
    write_text(folder / FILE, HEAD + text)


def _last_accuracies(epochs: Path, experiment: str) -> dict[str, tuple[float | None, ...]]:
    """Return the accuracies of an experiment's variants after their last epoch, in the order of seeds."""
    found: dict[str, dict[int, tuple[int, float | None]]] = {}
    with epochs.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if (row["experiment"], row["metric"]) == (experiment, METRIC):
                seeds = found.setdefault(row["variant"], {})
                epoch, seed = int(row["epoch"]), int(row["seed"])
                done = row["status"] == "completed"
                if epoch >= seeds.get(seed, (0, None))[0]:
                    seeds[seed] = (epoch, round(float(row["value"]), 6) if done else None)
    return {
        variant: tuple(value for _, (_, value) in sorted(seeds.items()))
        for variant, seeds in found.items()
    }


def _mean(accuracies: tuple[float | None, ...]) -> float:
    """Return the mean; of a training that diverged, nothing is left."""
    return fmean(each or 0.0 for each in accuracies)
