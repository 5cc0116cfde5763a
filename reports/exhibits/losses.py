"""Accuracies that are lost against one variant, seed by seed."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Loss:
    """What a variant with a number of workers loses.

    Attributes
    ----------
    columns
        Columns of ``exhibits.csv``: the mean loss ``y`` in percentage points, its interval, and the number of seeds.
    records
        Paths of its records, one a seed.
    """

    columns: dict[str, Any]
    records: pd.Series[Any]

    @property
    def gained(self) -> dict[str, Any]:
        """The same columns of the gain, which is the loss reversed."""
        ends = {"y": "y", "lower": "upper", "upper": "lower"}
        reversed_ends = {
            end: None if self.columns[other] is None else 0.0 - self.columns[other]
            for end, other in ends.items()
        }
        return {**self.columns, **reversed_ends}


def losses(runs: pd.DataFrame, against: str) -> dict[tuple[str, int], Loss]:
    """Return what each variant loses after the last epoch, by variant and number of workers.

    Parameters
    ----------
    runs
        Rows of ``epochs.csv`` of an accuracy.
    against
        The variant that the others are compared with, with its fewest workers; those without a seed in common with it
        are left out.
    """
    from reports.tables.intervals import t_interval
    from reports.tables.tidy import at_last_epoch

    last = at_last_epoch(runs).groupby(["variant", "workers"], sort=False)
    accuracies: dict[Any, pd.DataFrame] = {key: rows.set_index("seed") for key, rows in last}
    counts = [workers for name, workers in accuracies if name == against]
    base = accuracies[against, min(counts)]["value"] if counts else None
    found: dict[tuple[str, int], Loss] = {}
    for (variant, workers), own in accuracies.items():
        lost = [] if base is None else (100 * (base - own["value"])).dropna().tolist()
        if lost:
            lower, upper = t_interval(lost) or (None, None)
            columns = {"y": fmean(lost), "lower": lower, "upper": upper, "seeds": str(len(lost))}
            found[str(variant), int(workers)] = Loss(columns, own["record"])
    return found
