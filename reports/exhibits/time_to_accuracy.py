"""How long it takes to come by an accuracy: epochs by the runs, seconds by a timing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from reports.exhibits.layout import Point


def time_to_accuracy(
    means: Iterable[Point], epochs: Iterable[Point], threshold: float
) -> Iterator[dict[str, Any]]:
    """Yield after how many epochs, and how many seconds, each variant first has an accuracy.

    Parameters
    ----------
    means
        Mean accuracies over the seeds, by variant, number of workers and epoch.
    epochs
        Seconds of an epoch, by variant, number of workers, machine and source.
    threshold
        The accuracy.

    Yields
    ------
    dict
        A point for the epochs, and one for the seconds on each machine; without a value where no epoch ends so high.
    """
    courses: dict[tuple[str, int], list[Point]] = {}
    for mean in means:
        courses.setdefault((mean["variant"], mean["workers"]), []).append(mean)
    needed = {key: _first_reaching(course, threshold) for key, course in courses.items()}
    for key, course in courses.items():
        ends = {"lower": None, "upper": None}
        yield {**course[-1], **ends, "metric": "epochs_to_accuracy", "y": needed[key]}
    for epoch in epochs:
        key = (epoch["variant"], epoch["workers"])
        if key in needed:
            times = {end: _times(epoch[end], needed[key]) for end in ("y", "lower", "upper")}
            yield {**epoch, **times, "metric": "seconds_to_accuracy"}


def _first_reaching(course: Iterable[Point], threshold: float) -> int | None:
    return min((int(mean["epoch"]) for mean in course if mean["y"] >= threshold), default=None)


def _times(seconds: float | None, epochs: int | None) -> float | None:
    return None if seconds is None or epochs is None else seconds * epochs
