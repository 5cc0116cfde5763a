"""Curves that tests read, selected from the tables."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd
from msgspec import UNSET, UnsetType, structs

from records import check
from records.authors import SOURCE as AUTHORS
from records.errors import InputError
from reports.exhibits.quantity import missing
from reports.tables.facts import Facts
from reports.tables.host import HOST
from reports.tables.marks import NOISY
from reports.tables.metrics import (
    AXES,
    CLOCKS,
    DIVERGED,
    METRICS,
    SHARE_METRICS,
    TIMING_METRICS,
    clock_of,
    resolve,
)
from reports.tables.model_error import MODEL, of_left_out_points
from reports.tables.speed import derive
from reports.tables.tidy import RUN, at_last_epoch
from reports.verdicts.curve import Curve, MissingEvidenceError
from reports.verdicts.their_curves import their_curve

WHICH = ("workers", "seed", "repeat")
"""The columns that identify a record in its folder."""

READING = "reading"
"""The word in a selection that stands for the variant of the reading being judged."""


@dataclass(frozen=True)
class Evidence:
    """The tables and facts that tests read.

    Attributes
    ----------
    epochs, timings
        The tables of these names.
    model_error
        The table of this name, for predictions by models that were fitted without the predicted point.
    datasets
        Facts by the name of the dataset, as used in the edition.
    properties
        Facts by the name of the property.
    stand_ins
        The edition's dataset for each dataset that the paper names.
    confidence
        The reading of "confidence": ``top``, ``true_class`` or ``top_correct``.
    reading
        The variant that ``variant: reading`` selects.
    authors
        The table of what the authors measured.
    theirs
        The machine of the authors whose runs are asked instead of ours; empty to ask ours.
    """

    epochs: pd.DataFrame
    timings: pd.DataFrame
    model_error: pd.DataFrame = field(default_factory=pd.DataFrame)
    datasets: Mapping[str, Facts] = field(default_factory=dict)
    properties: Mapping[str, Facts] = field(default_factory=dict)
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    confidence: str = "top"
    reading: str = ""
    authors: pd.DataFrame = field(default_factory=pd.DataFrame)
    theirs: str = ""

    def of_authors(self, machine: str) -> Evidence:
        """Return what the authors measured, as evidence in place of ours."""
        return replace(self, theirs=machine, datasets={}, properties={})


def cut(evidence: Evidence, selection: check.Curve) -> Curve:
    """Select a curve from the tables.

    Parameters
    ----------
    evidence
        The tables.
    selection
        What a test says of the curve. Timings of the host are measured, those of other machines modelled, and of the
        authors' runs none is either.

    Raises
    ------
    MissingEvidenceError
        If a needed run is missing from the tables or diverged.
    InputError
        If the selection matches several variants or worker counts.
    """
    metric = resolve(selection.metric, evidence.confidence)
    if evidence.theirs:
        return their_curve(evidence.authors, selection, metric, evidence.theirs)
    if selection.variant == READING:
        selection = structs.replace(selection, variant=evidence.reading)
    if selection.left_out:
        return _cut_left_out(evidence, selection, metric)
    if metric in TIMING_METRICS:
        return _cut_timings(evidence, selection, metric)
    return _cut_epochs(evidence.epochs, selection, metric)


def _cut_epochs(epochs: pd.DataFrame, selection: check.Curve, metric: str) -> Curve:
    across = selection.across or "epochs"
    rows = _choose(epochs, selection, free=AXES[across])
    if metric == DIVERGED:
        rows = rows.drop_duplicates(RUN, keep="last")
        rows = rows.assign(value=(rows["status"] != "completed").astype(float), unit="")
    else:
        _refuse_diverged(rows, selection)
        rows = rows[rows["metric"] == metric]
    if across != "epochs":
        rows = _at_epoch(rows, selection.epoch)
    if rows.empty:
        raise MissingEvidenceError(f"no {metric} of {_name(selection)}")
    axis = AXES[across]
    lines = _spread_out(rows, axis, "seed")
    order = sorted(rows[axis].unique()) if axis != "variant" else list(rows[axis].unique())
    lines = lines.loc[order].dropna(axis="columns")
    if lines.empty:
        raise MissingEvidenceError(f"no seed has every point of {_name(selection)}")
    unit = rows["unit"].iloc[0]
    unit = "" if missing(unit) else str(unit)
    return Curve(lines, unit, across, frozenset(rows["record"]), replicates="seeds")


def _cut_timings(evidence: Evidence, selection: check.Curve, metric: str) -> Curve:
    timings = evidence.timings
    hardware = selection.hardware or HOST
    measured = hardware == HOST
    source = "measured" if measured else "modelled"
    there = (timings["hardware"] == hardware) & (timings["source"] == source)
    shared = metric in SHARE_METRICS
    rows = timings[there & (timings["metric"] == (metric if shared else clock_of(metric)))]
    rows = _choose(rows, selection, free="workers")
    _refuse_diverged(rows, selection)
    lines = _spread_out(rows, "workers", "repeat").sort_index()
    if not measured:
        lines = shifted(lines.iloc[:, 0], _unseen_errors(evidence))
    lines = lines if shared else lines.apply(derive, metric=metric)
    if lines.empty:
        raise MissingEvidenceError(f"no timing of {_name(selection)} with one worker")
    return Curve(
        lines,
        METRICS[metric].unit,
        "workers",
        frozenset(rows["record"]),
        replicates="repeats" if measured else "errors",
        cores=int(rows["cores"].iloc[0]),
        base=None if shared or metric in CLOCKS else 1,
        source=source,
    )


def _cut_left_out(evidence: Evidence, selection: check.Curve, metric: str) -> Curve:
    # The seconds of one worker do not depend on which point is left out.
    one = _cut_timings(evidence, selection, "seconds")
    points = evidence.model_error
    if not points.empty:
        points = of_left_out_points(points)
        here = points["experiment"] == selection.experiment
        points = points[here & (points["machine"] == selection.hardware)]
    if points.empty or 1 not in one.lines.index:
        raise MissingEvidenceError(f"no published point of {_name(selection)}")
    speedups = pd.concat([pd.Series({1: 1.0}), points.set_index("workers")["predicted"]])
    alone = float(one.lines[0].loc[1])
    seconds = (alone / speedups).sort_index()
    seconds.index.name = "workers"
    # A point's own error is not known to the model that has not seen the point.
    own = dict(zip(points["workers"], points.index, strict=True))
    return replace(
        one,
        lines=shifted(seconds, _unseen_errors(evidence), own).apply(derive, metric=metric),
        unit=METRICS[metric].unit,
        records=one.records | frozenset(points["evidence"]),
        base=None if metric == "seconds" else 1,
    )


def _unseen_errors(evidence: Evidence) -> pd.Series[float]:
    """Return the factors by which speed-ups that the paper's model had not seen were off.

    Of a study whose models are fitted to nothing, they are those by which this machine took longer than was modelled.
    """
    points = evidence.model_error
    if points.empty:
        return pd.Series(dtype=float)
    points = points[points["method"] == MODEL]
    unseen = (points["held_out"] == "point") | (points["against"] == AUTHORS)
    rows = points[unseen & (points["metric"] == "speedup")]
    if not rows.empty:
        return rows["predicted"] / rows["observed"]
    quiet = (points["mark"] != NOISY) & (points["calibration"] != NOISY)
    timed = points[quiet & (points["against"] == HOST) & (points["workers"] > 1)]
    return timed["observed"] / timed["predicted"]


def shifted(
    modelled: pd.Series[float],
    factors: pd.Series[float],
    own: Mapping[int, Hashable] | None = None,
) -> pd.DataFrame:
    """Return modelled seconds and, beside them, what they were if the model were off as it was elsewhere.

    Parameters
    ----------
    modelled
        Seconds by number of workers. Those of one worker are given, not predicted.
    factors
        By what factor each prediction of an unseen speed-up was too large.
    own
        Index of the factor, by the number of workers, that a number does not get: that of its own prediction.

    Returns
    -------
    DataFrame
        Column 0 has the seconds as modelled. In each further column, all but one worker's are multiplied by a factor
        each, so that no number of workers has one twice, or its own.
    """
    several = modelled.index[modelled.index > 1]
    left_out = own or {}
    others = {count: factors.drop(left_out.get(count, ()), errors="ignore") for count in several}
    columns = {0: modelled}
    for first in range(min((len(each) for each in others.values()), default=0)):
        column = modelled.copy()
        for place, count in enumerate(several):
            column.loc[count] *= others[count].iloc[(first + place) % len(others[count])]
        columns[first + 1] = column
    return pd.DataFrame(columns)


def _spread_out(rows: pd.DataFrame, axis: str, replicate: str) -> pd.DataFrame:
    """Return values with a row per point of an axis and a column per replicate."""
    return rows.pivot_table(index=axis, columns=replicate, values="value", aggfunc="first")


def _choose(rows: pd.DataFrame, selection: check.Curve, free: str) -> pd.DataFrame:
    rows = rows[rows["experiment"] == selection.experiment]
    for factor in ("variant", "workers"):
        chosen = getattr(selection, factor)
        if factor != free and chosen is not UNSET:
            rows = rows[rows[factor] == chosen]
    if selection.seed is not UNSET:
        if "seed" not in rows:
            raise InputError(
                f"seed: leave it out in a test of {_name(selection)}: timings have one"
            )
        rows = rows[rows["seed"] == selection.seed]
    if rows.empty:
        raise MissingEvidenceError(f"no run of {_name(selection)}")
    for factor in ("variant", "workers"):
        if factor != free and len(rows[factor].unique()) > 1:
            choices = ", ".join(str(choice) for choice in rows[factor].unique())
            raise InputError(
                f"{factor}: missing in a test of {_name(selection)}; valid values: {choices}"
            )
    return rows


def _refuse_diverged(rows: pd.DataFrame, selection: check.Curve) -> None:
    diverged = rows[rows["status"] != "completed"]
    if not diverged.empty:
        first = diverged.iloc[0]
        which = ", ".join(f"{factor} {first[factor]}" for factor in WHICH if factor in first)
        raise MissingEvidenceError(
            f"a run of {_name(selection)} diverged: {which}, in {first['record']}"
        )


def _at_epoch(rows: pd.DataFrame, epoch: int | UnsetType) -> pd.DataFrame:
    if epoch is UNSET:
        return at_last_epoch(rows)
    return rows[rows["epoch"] == epoch]


def _name(selection: check.Curve) -> str:
    name = "/".join(filter(None, (selection.experiment, selection.variant or "")))
    if (selection.hardware or HOST) != HOST:
        name = f"{name} on {selection.hardware}"
    if selection.seed is not UNSET:
        name = f"{name} by seed {selection.seed}"
    workers = selection.workers
    return f"{name} with {workers} worker{'' if workers == 1 else 's'}" if workers else name
