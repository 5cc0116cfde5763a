"""Curves of the authors' own runs, for the tests of claims."""

from __future__ import annotations

from typing import Final

import pandas as pd
from msgspec import UNSET

from records import check
from records.authors import MILESTONES, SOURCE
from records.check import TestEntry
from reports.tables.authors import ACCURACIES
from reports.tables.host import HOST
from reports.tables.metrics import CLOCKS, METRICS, SHARE_METRICS, TIMING_METRICS, clock_of
from reports.tables.speed import derive
from reports.verdicts.curve import Curve, MissingEvidenceError

RUN: Final = "run"
"""The only column of their curves: there is one run of each kind."""

THINNED: Final = (
    "a count after every epoch; an edition with `authors: true` has all counts that there are"
)
"""What is missing of a summary, and of runs that were counted now and then."""


def their_curve(authors: pd.DataFrame, selection: check.Curve, metric: str, machine: str) -> Curve:
    """Select a curve of the authors' own runs.

    Parameters
    ----------
    authors
        The table ``authors.csv``.
    selection
        What a test says of the curve. Its experiment and variant are ours: the authors had one of each.
    metric
        The metric's full name.
    machine
        The machine of theirs that is meant where the selection names none.

    Raises
    ------
    MissingEvidenceError
        If they have no such numbers.
    """
    named = selection.hardware if selection.hardware not in (UNSET, HOST) else machine
    rows = authors[authors["machine"] == named]
    if metric in TIMING_METRICS and metric not in SHARE_METRICS:
        return _times(rows, metric)
    if metric not in ACCURACIES.values():
        raise MissingEvidenceError(f"no {metric} of theirs")
    return _accuracies(rows[(rows["metric"] == metric) & rows["epoch"].notna()], selection)


def _times(rows: pd.DataFrame, metric: str) -> Curve:
    timed = rows[(rows["metric"] == clock_of(metric)) & rows["epoch"].isna()]
    values = derive(timed.set_index("workers")["value"].sort_index(), metric)
    if values.empty:
        raise MissingEvidenceError(f"no {metric} of theirs")
    return Curve(
        values.to_frame(RUN),
        METRICS[metric].unit,
        "workers",
        frozenset(),
        base=None if metric in CLOCKS else 1,
        source=SOURCE,
    )


def _accuracies(rows: pd.DataFrame, selection: check.Curve) -> Curve:
    if selection.across == "workers":
        epoch = rows["epoch"].max() if selection.epoch is UNSET else selection.epoch
        rows, axis = rows[rows["epoch"] == epoch], "workers"
    elif selection.across == "variants":
        raise MissingEvidenceError("no variants of theirs")
    else:
        workers = 1 if selection.workers is UNSET else selection.workers
        rows, axis = rows[rows["workers"] == workers], "epoch"
    if rows.empty:
        raise MissingEvidenceError(f"no {selection.metric} of this kind")
    values = rows.set_index(axis)["value"].sort_index()
    values.index = values.index.astype(int)
    return Curve(
        values.to_frame(RUN),
        "fraction",
        "epochs" if axis == "epoch" else axis,
        frozenset(),
        source=SOURCE,
        thinned=axis == "epoch" and len(values) < values.index.max(),
    )


def refuse_thinned(curve: Curve, test: TestEntry) -> None:
    """Refuse a test that needs more epochs than a summary has.

    A summary has the values at its epochs, the best, and the first to reach a milestone.

    Raises
    ------
    MissingEvidenceError
        If it does.
    """
    points = curve.lines.index
    ends = [end for end in (test.from_, test.to) if isinstance(end, int)]
    answered = {
        "value": True,
        "rise": all(end in points for end in ends),
        "maximum": test.to is UNSET and test.minus is UNSET,
        "first_reaching": test.threshold in MILESTONES and not ends,
    }
    if not answered.get(str(test.measure), False):
        raise MissingEvidenceError(THINNED)
