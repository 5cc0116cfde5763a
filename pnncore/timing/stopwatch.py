"""Timers of calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter


def timer(call: Callable[[], object]) -> Callable[[], float]:
    """Return a function that makes the call and returns its seconds."""

    def timed() -> float:
        started = perf_counter()
        call()
        return perf_counter() - started

    return timed


def interleaved(timers: Sequence[Callable[[], float]], repeats: int) -> list[tuple[float, ...]]:
    """Return the seconds of each timer's repeats; the repeats of all timers are interleaved.

    Parameters
    ----------
    timers
        Functions that return seconds.
    repeats
        Number of repeats that count. A first round, which may compile or load, is dropped.
    """
    rounds = [[timed() for timed in timers] for _ in range(repeats + 1)]
    return list(zip(*rounds[1:], strict=True))


def medians(timers: Sequence[Callable[[], float]], repeats: int) -> list[float]:
    """Return the median of each timer's repeats; see `interleaved`."""
    return [median(each) for each in interleaved(timers, repeats)]
