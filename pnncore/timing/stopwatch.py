"""How long calls take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter


def timer(call: Callable[[], object]) -> Callable[[], float]:
    """Return what makes a call and returns its seconds."""

    def timed() -> float:
        started = perf_counter()
        call()
        return perf_counter() - started

    return timed


def medians(timers: Sequence[Callable[[], float]], repeats: int) -> list[float]:
    """Return the median of each timer's repeats, made in turn with the others'.

    Parameters
    ----------
    timers
        Each returns the seconds of what it does.
    repeats
        How many count; the first round, which may compile or load, does not.
    """
    rounds = [[timed() for timed in timers] for _ in range(repeats + 1)]
    return [median(column) for column in zip(*rounds[1:], strict=True)]
