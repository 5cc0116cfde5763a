"""How a training set is split and its child networks merged, as the configuration has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.paper import Paper


@dataclass(frozen=True)
class Diagram:
    """What the diagram of a data-parallel training writes into its boxes."""

    dataset: str
    network: str
    counts: tuple[int, ...]

    @property
    def description(self) -> str:
        """The diagram in words."""
        counts = ", ".join(map(str, self.counts))
        return (
            f"From bottom to top: n child networks, a slice of the training data for each, and the merged network, "
            f"whose weights and biases are the means of theirs. Here n is {counts}."
        )


def diagram(
    exhibit: Mapping[str, Any], paper: Paper, datasets: Sequence[Mapping[str, Any]]
) -> Diagram:
    """Fill the diagram from the experiment that the exhibit names, or from the paper's first.

    Parameters
    ----------
    exhibit
        The exhibit in the configuration.
    paper
        The paper's resolved configuration.
    datasets
        Facts of the datasets (``dataset.json``).

    Returns
    -------
    Diagram
        Dataset, network and numbers of child networks.
    """
    experiments = paper["experiments"]
    experiment = experiments[exhibit.get("experiment") or next(iter(experiments))]
    variants = experiment["variants"].values()
    used = paper["edition"]["datasets"].get(experiment["dataset"], experiment["dataset"])
    facts = next((entry for entry in datasets if entry["name"] == used), None)
    hidden = next(iter(variants))["network"]["hidden"]
    return Diagram(
        dataset=_dataset(facts) if facts else used,
        network="–".join(map(str, [*_sides(facts, 0), *hidden, *_sides(facts, 1)])),
        counts=tuple(sorted({count for variant in variants for count in variant["workers"]})),
    )


def _dataset(facts: Mapping[str, Any]) -> str:
    samples = facts["splits"]["train"]["samples"]
    return f"{facts['title']}, {samples:,} samples"


def _sides(facts: Mapping[str, Any] | None, side: int) -> list[int]:
    """Return the number of inputs (side 0) or outputs (side 1), if the dataset is known."""
    if facts is None:
        return []
    height, width = facts["image"]
    return [height * width, facts["classes"]][side : side + 1]
