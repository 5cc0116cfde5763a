"""Interleaved timing: all candidates once, then all again, so that a slow minute affects them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

from threadpoolctl import threadpool_limits


def medians(candidates: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Return each candidate's median seconds over interleaved repeats, after one warm-up each.

    The candidates' libraries must be imported before; each is limited to one thread.
    """
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    with threadpool_limits(limits=1):
        for repeat in range(repeats + 1):
            for name, run in candidates.items():
                started = perf_counter()
                run()
                if repeat:
                    seconds[name].append(perf_counter() - started)
    return {name: median(times) for name, times in seconds.items()}
