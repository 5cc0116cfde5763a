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
    """Return the rows of ``model_error.csv`` against the host, each with its measurement's ``mark`` and ``cores``."""
    factors = ["experiment", "variant", "workers"]
    found = []
    for paper in papers:
        measured = _measured(paper)
        by_point = measured[measured["hardware"] == HOST].groupby(factors)
        facts = pd.DataFrame(
            {"mark": by_point["mark"].agg(mark_of), "cores": by_point["cores"].first()}
        )
        errors = paper.model_error[paper.model_error["against"] == HOST]
        found.append(errors.join(facts, on=factors))
    return pd.concat(found, ignore_index=True)


def causes(papers: Sequence[PaperTables]) -> dict[str, str]:
    """Return the likely cause of the models' errors by strategy, as the papers' configurations have it."""
    strategies = (paper.study.strategies for paper in papers)
    return {name: each.cause for known in strategies for name, each in known.items()}


def judged(errors: pd.DataFrame) -> str:
    """Say whether the target is met, with the errors at as many workers as cores apart from all others.

    The slowdown of tasks with a worker on every core is calibrated by a short run with as many workers as cores, so the
    models know more about these points.
    """
    if errors.empty:
        return ""
    sentences = [Summary.of(errors).judged(HOST_TARGET)]
    calibrated = errors["workers"] == errors["cores"]
    for words, rows in (
        ("With as many workers as cores", errors[calibrated]),
        ("With any other number", errors[~calibrated]),
    ):
        if len(rows):
            summary = Summary.of(rows)
            sentences.append(
                f"{words} the median error is {percent(summary.median)} and the worst "
                f"{percent(summary.worst)} ({summary.points} of {len(errors)} timings)."
            )
    return " ".join(sentences)


def undisturbed(errors: pd.DataFrame) -> str:
    """Give the median error over the timings that are not noisy; empty if none or all are noisy."""
    quiet = errors[errors["mark"] != NOISY]
    if quiet.empty or len(quiet) == len(errors):
        return ""
    median = percent(Summary.of(quiet).median)
    return f"The median error of the {len(quiet)} timings that are not noisy is {median}."


def missed(errors: pd.DataFrame, causes: Mapping[str, str]) -> Iterator[Missed]:
    """Yield the strategies whose median error is above the target, with the likely cause.

    Parameters
    ----------
    errors
        Errors against the host: see `host_errors`.
    causes
        Likely causes by strategy; empty where none is known.
    """
    for strategy, rows in errors.groupby("strategy", sort=False):
        median = Summary.of(rows).median
        if median > HOST_TARGET.median:
            yield Missed(str(strategy), median, causes[str(strategy)] or UNEXPLAINED)


def marks(papers: Sequence[PaperTables]) -> str:
    """Say how many measurements have each mark."""
    counts: Counter[str] = Counter()
    for paper in papers:
        timings = _measured(paper).groupby(TIMING)["mark"]
        counts.update(str(mark_of(own)) for _, own in timings)
    if not counts:
        return ""
    marked = " and ".join(f"{counts[mark]} {mark}" for mark in (NOISY, OVERSUBSCRIBED))
    return f"Measurements: {counts.total()}, of which {marked}."


def _measured(paper: PaperTables) -> pd.DataFrame:
    timings = paper.timings
    return timings[(timings["source"] == MEASURED) & (timings["metric"] == "seconds")]
