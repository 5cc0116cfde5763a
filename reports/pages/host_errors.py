"""How far the models are off from what was measured on the machine of this report, and why they may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from reports.exhibits.figure import MEASURED
from reports.exhibits.quantity import percent
from reports.pages.model_summary import HOST_TARGET, Summary
from reports.pages.paper_tables import PaperTables
from reports.tables.host import HOST
from reports.tables.marks import NOISY, OVERSUBSCRIBED, mark_of

POLLED: Final = (
    "joblib looks every 10 ms whether tasks have ended, which rounds short runs; runs on few samples are short "
    "against that."
)
CAUSES: Final = {
    "spmd": (
        "slices smaller than a batch update weights for fewer samples each, which the schedule does not count, and "
        "many child networks do not fit the caches."
    ),
    "neuron": (
        "threads read weights and activations that others have just written, cache line by cache line."
    ),
    "minibatch": (
        "threads hand the gradient and the weights of every mini-batch from cache to cache, more or less of them the "
        "more samples fall to a thread."
    ),
    "ensemble": POLLED,
    "exemplar": POLLED,
}
"""Why the models of a strategy may be off."""

TIMING: Final = ["experiment", "variant", "workers", "hardware"]
"""Columns that tell the timings of a paper apart."""

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


def judged(errors: pd.DataFrame) -> str:
    """Say whether the target is met, and how far apart the points are that a calibration is close to from all others.

    How much slower tasks are with a worker on every core is calibrated by a short run with as many workers as cores.
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
    """Say how far models are off from the measurements that no other program disturbed, if some were."""
    quiet = errors[errors["mark"] != NOISY]
    if quiet.empty or len(quiet) == len(errors):
        return ""
    median = percent(Summary.of(quiet).median)
    return f"Of the {len(quiet)} that are not noisy the median error is {median}."


def missed(errors: pd.DataFrame) -> Iterator[Missed]:
    """Yield the strategies whose median error is above the target, with the likely cause."""
    for strategy, rows in errors.groupby("strategy", sort=False):
        median = Summary.of(rows).median
        if median > HOST_TARGET.median:
            yield Missed(str(strategy), median, CAUSES.get(str(strategy), UNEXPLAINED))


def marks(papers: Sequence[PaperTables]) -> str:
    """Say how many measurements are marked, and what."""
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
