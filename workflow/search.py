"""Searches by successive halving: which combinations of a grid an experiment keeps, and which one was chosen last."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from records.atomic import write_text
from records.errors import InputError, nearest
from records.search import Chosen, Kept, Outcome, mean_accuracy
from records.variants import Choice, RunVariant
from workflow.documents import as_yaml, read_yaml
from workflow.grid import GRID, combinations
from workflow.schemas import convert

Json = dict[str, Any]

FILE: Final = "chosen.yaml"
"""The file of what was chosen, beside the editions."""

HEAD: Final = (
    "# What searches for settings tried and kept, by comparison, experiment and variant: `python -m workflow choose`.\n"
    "# Accuracies are of training samples that these networks were not trained on; null where training diverged.\n"
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
    """Return the values of the best combination that are chosen, by the path of a setting.

    Raises
    ------
    InputError
        If there was no such search, or it searched no such setting.
    """
    found: Any = chosen
    for key in (choice.search, choice.experiment, choice.variant):
        if key not in found:
            raise InputError(
                f"config/{FILE}: nothing is known of {key!r}, from which a variant's `chosen` is to be taken; "
                f"{nearest(key, found)}"
            )
        found = found[key]
    values: Mapping[str, Any] = found.kept[0].values
    taken = choice.only or tuple(values)
    for path in taken:
        if path not in values:
            raise InputError(
                f"config/{FILE}: the search of {choice.variant!r} has no {path!r}, which a variant's `chosen.only` "
                f"names; {nearest(path, values)}"
            )
    return {path: values[path] for path in taken}


def survivors(chosen: Chosen, study: str, experiment: str) -> frozenset[str]:
    """Return the names of the variants that a study's experiment has kept."""
    outcomes = chosen.get(study, {}).get(experiment, {})
    return frozenset(kept.variant for outcome in outcomes.values() for kept in outcome.kept)


def choose(
    written: Mapping[str, Json],
    run: Mapping[str, RunVariant],
    epochs: Path,
    experiment: str,
    keep: int,
) -> dict[str, Outcome]:
    """Return what an experiment has shown of each variant with a grid.

    Parameters
    ----------
    written, run
        The experiment's variants, as they are written and as they are run.
    epochs
        The table ``epochs.csv`` of its study.
    experiment
        Its name.
    keep
        How many combinations are kept of each, at most.

    Raises
    ------
    InputError
        If networks were tested on test samples, or with several numbers of workers, or if the table has not all runs.
    """
    for name, variant in run.items():
        if variant.samples.tested_on == "test":
            raise InputError(
                f"{experiment}.{name}.samples.tested_on: settings are not to be chosen on test samples; set it to rest"
            )
        if len(variant.workers) > 1:
            raise InputError(
                f"{experiment}.{name}.workers: a search has one number of workers a variant; write a variant for each"
            )
    last = _last_accuracies(epochs, experiment)
    return {
        name: _outcome(dict(combinations(name, variant[GRID])), run, last, keep, epochs)
        for name, variant in written.items()
        if GRID in variant
    }


def _outcome(
    made: Mapping[str, Json],
    run: Mapping[str, RunVariant],
    last: Mapping[tuple[str, int], float | None],
    keep: int,
    epochs: Path,
) -> Outcome:
    accuracies = {}
    for name in (each for each in made if each in run):
        for seed in run[name].seeds:
            if (name, seed) not in last:
                raise InputError(
                    f"{epochs}: has no run of {name!r} with seed {seed}; run the search"
                )
        accuracies[name] = tuple(last[name, seed] for seed in run[name].seeds)
    means = {name: mean_accuracy(found) for name, found in accuracies.items()}
    ranked = sorted(means, key=lambda name: -means[name])[:keep]
    return Outcome(
        tried=len(means),
        kept=tuple(
            Kept(variant=name, accuracy=round(means[name], 6), values=made[name]) for name in ranked
        ),
        accuracies=accuracies,
    )


def write_chosen(folder: Path, chosen: Chosen) -> None:
    """Write the file of what was chosen."""
    write_text(folder / FILE, HEAD + as_yaml(msgspec.to_builtins(chosen), width=120))


def _last_accuracies(epochs: Path, experiment: str) -> dict[tuple[str, int], float | None]:
    """Return accuracies of an experiment after the last epoch, by variant and seed; None where training diverged."""
    if not epochs.exists():
        raise InputError(f"{epochs}: not there; run the search first")
    found: dict[tuple[str, int], tuple[int, float | None]] = {}
    with epochs.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if (row["experiment"], row["metric"]) == (experiment, METRIC):
                key, epoch = (row["variant"], int(row["seed"])), int(row["epoch"])
                value = float(row["value"]) if row["status"] == "completed" else None
                if epoch >= found.get(key, (0, None))[0]:
                    found[key] = (epoch, None if value is None else round(value, 6))
    return {key: value for key, (_, value) in found.items()}
