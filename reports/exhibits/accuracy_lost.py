"""What accuracy a speed-up costs: both against one variant, with the same budget of epochs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from statistics import fmean
from typing import Any

import pandas as pd

from reports.exhibits.layout import Point
from reports.tables.intervals import t_interval
from reports.tables.tidy import at_last_epoch, name_evidence


def accuracy_lost(
    runs: pd.DataFrame, epochs: Iterable[Point], against: str
) -> Iterator[dict[str, Any]]:
    """Yield the accuracy that each variant lacks after the last epoch, at its speed-up.

    Parameters
    ----------
    runs
        Rows of ``epochs.csv`` of an accuracy.
    epochs
        Seconds of an epoch, by variant, number of workers, machine and source.
    against
        The variant that the others are compared with, seed by seed.

    Yields
    ------
    dict
        A point: ``y`` in percentage points, ``speedup``, and the factors of the seconds.
    """
    last = at_last_epoch(runs).groupby(["variant", "workers"])
    accuracies = {key: rows.set_index("seed") for key, rows in last}
    base = next((rows["value"] for (name, _), rows in accuracies.items() if name == against), None)
    timed = list(epochs)
    alone = {_machine(epoch): epoch["y"] for epoch in timed if epoch["variant"] == against}
    for epoch in timed:
        own = accuracies.get((epoch["variant"], epoch["workers"]))
        if base is None or own is None or _machine(epoch) not in alone:
            continue
        lost = (100 * (base - own["value"])).dropna().tolist()
        if not lost:
            continue
        lower, upper = t_interval(lost) or (None, None)
        yield {
            **epoch,
            "metric": "accuracy_lost",
            "speedup": alone[_machine(epoch)] / epoch["y"],
            "y": fmean(lost),
            "lower": lower,
            "upper": upper,
            "seeds": str(len(lost)),
            "evidence": name_evidence([*own["record"], epoch["evidence"]]),
        }


def _machine(epoch: Point) -> tuple[str, str]:
    return epoch["hardware"], epoch["source"]
