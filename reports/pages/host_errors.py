"""Errors of the models against timings measured on this machine, and their likely causes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from reports.exhibits.figure import MEASURED
from reports.exhibits.quantity import percent
from reports.pages.model_summary import HOST_TARGET, Summary
from reports.pages.paper_tables import PaperTables
from reports.tables.host import HOST
from reports.tables.marks import NOISY, OVERSUBSCRIBED, mark_of

TIMING: Final = ["experiment", "variant", "workers", "hardware"]
"""The columns that identify a timing of a paper."""

UNEXPLAINED: Final = "not known."


@dataclass(frozen=True)
class Missed:
    """A strategy whose models miss the target, and the likely cause."""

    strategy: str
    median: float
    cause: str


def host_errors(papers: Sequence[PaperTables]) -> pd.DataFrame:
    """Return the rows of ``model_error.csv`` against the host, each with its ``cores`` and whether it is ``quiet``.

    What is not quiet is a timing most of whose repeats are noisy, or a model that rests on noisy calibrations: such a
    row says nothing of the model.
    """
    factors = ["experiment", "variant", "workers"]
    found = []
    for paper in papers:
        measured = _measured(paper)
        by_point = measured[measured["hardware"] == HOST].groupby(factors)
        errors = paper.model_error[paper.model_error["against"] == HOST]
        found.append(errors.join(by_point["cores"].first(), on=factors))
    errors = pd.concat(found, ignore_index=True)
    return errors.assign(quiet=(errors["mark"] != NOISY) & (errors["calibration"] != NOISY))


def causes(papers: Sequence[PaperTables]) -> dict[str, str]:
    """Return the likely cause of the models' errors by strategy, as the papers' configurations have it."""
    strategies = (paper.study.strategies for paper in papers)
    return {name: each.cause for known in strategies for name, each in known.items()}


def judged(errors: pd.DataFrame) -> str:
    """Say whether the target is met where nothing disturbed, and what is not judged since other programs ran.

    Of what is judged, the errors at as many workers as cores are told apart from all others. The slowdown of tasks with
    a worker on every core is calibrated by a short run with as many workers as cores, so the models know more about
    these points.

    Parameters
    ----------
    errors
        Errors against the host: see `host_errors`.
    """
    quiet = errors[errors["quiet"]]
    return " ".join([*_unjudged(errors), *_judged(quiet), *_range(quiet)])


def _unjudged(errors: pd.DataFrame) -> Iterator[str]:
    disturbed = errors[~errors["quiet"]]
    if disturbed.empty:
        return
    timed = (disturbed["mark"] == NOISY).sum()
    calibrated = (disturbed["calibration"] == NOISY).sum()
    summary = Summary.of(disturbed)
    yield (
        f"This machine was not quiet: {len(disturbed)} of {len(errors)} points are not judged, because other programs "
        f"ran during most repeats of the timing ({timed}) or all repeats of a calibration ({calibrated}). Their median "
        f"error, {percent(summary.median)}, says nothing of the model."
    )
    if len(disturbed) == len(errors):
        yield "No point is left to judge it by: run again on a quiet machine."


def _judged(errors: pd.DataFrame) -> Iterator[str]:
    if errors.empty:
        return
    yield Summary.of(errors).judged(HOST_TARGET)
    calibrated = errors["workers"] == errors["cores"]
    for words, rows in (
        ("With as many workers as cores", errors[calibrated]),
        ("With any other number", errors[~calibrated]),
    ):
        if len(rows):
            summary = Summary.of(rows)
            yield (
                f"{words} the median error is {percent(summary.median)} and the worst "
                f"{percent(summary.worst)} ({summary.points} of {len(errors)} timings)."
            )


def _range(errors: pd.DataFrame) -> Iterator[str]:
    ranged = errors[errors["lower"] < errors["upper"]]
    if ranged.empty:
        return
    inside = ranged["observed"].between(ranged["lower"], ranged["upper"]).sum()
    width = ((ranged["upper"] - ranged["lower"]) / ranged["predicted"]).median()
    yield (
        f"Where several repeats of the calibrations were quiet, at {len(ranged)} points, each alone models a time. "
        f"From the least to the most of these it is {percent(width)} of the modelled seconds (median), and {inside} of "
        "the measured times lie between."
    )


def missed(errors: pd.DataFrame, causes: Mapping[str, str]) -> Iterator[Missed]:
    """Yield the strategies whose median error is above the target where nothing disturbed, with the likely cause.

    Parameters
    ----------
    errors
        Errors against the host: see `host_errors`.
    causes
        Likely causes by strategy; empty where none is known.
    """
    for strategy, rows in errors[errors["quiet"]].groupby("strategy", sort=False):
        median = Summary.of(rows).median
        if median > HOST_TARGET.median:
            yield Missed(str(strategy), median, causes[str(strategy)] or UNEXPLAINED)


def marks(papers: Sequence[PaperTables], calibrations: Mapping[str, int]) -> str:
    """Say how many measurements, and how many repeats of calibrations, have each mark.

    Parameters
    ----------
    papers
        The papers with their tables.
    calibrations
        Number of repeats of calibrations by mark.
    """
    counts: Counter[str] = Counter()
    repeats: Counter[str] = Counter()
    for paper in papers:
        measured = _measured(paper)
        repeats.update(measured["mark"])
        counts.update(str(mark_of(own)) for _, own in measured.groupby(TIMING)["mark"])
    if not counts:
        return ""
    marked = " and ".join(f"{counts[mark]} {mark}" for mark in (NOISY, OVERSUBSCRIBED))
    return (
        f"Measurements: {counts.total()}, of which {marked}. Repeats that were noisy: {repeats[NOISY]} of "
        f"{repeats.total()} of measurements, and {calibrations.get(NOISY, 0)} of {sum(calibrations.values())} of "
        "calibrations."
    )


def _measured(paper: PaperTables) -> pd.DataFrame:
    timings = paper.timings
    return timings[(timings["source"] == MEASURED) & (timings["metric"] == "seconds")]
