"""How long a call takes."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

REPEATS = 5


def median_seconds(call: Callable[[], object]) -> float:
    """Return the median seconds of a call's repeats; the first call, which may compile or load, does not count."""
    readings = []
    for _ in range(REPEATS + 1):
        started = perf_counter()
        call()
        readings.append(perf_counter() - started)
    return median(readings[1:])
