"""Interleaved timing: every candidate once, then all again, so that a slow minute hits them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter


def medians(candidates: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Return each candidate's median seconds over interleaved repeats, after one warm-up each."""
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for repeat in range(repeats + 1):
        for name, run in candidates.items():
            started = perf_counter()
            run()
            if repeat:
                seconds[name].append(perf_counter() - started)
    return {name: median(times) for name, times in seconds.items()}
