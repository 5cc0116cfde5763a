"""Metrics of tables: those that records have, and those that are computed of them.

The pipeline asks this module at every start, so it imports no library of numbers.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from records.metric import Metric
from records.study import Study

Stage: TypeAlias = Literal["experiments", "timings"]
"""Key of a study's configuration that holds what a metric is measured of."""


def _metric(label: str, unit: str, summary: str) -> Metric:
    return Metric(label=label, unit=unit, summary=summary)


SECONDS: Final = "seconds"
PROCESSOR_SECONDS: Final = "processor_seconds"

CLOCKS: Final = (SECONDS, PROCESSOR_SECONDS)
"""Metrics of timings that a clock tells; the others are derived of `SECONDS`."""

SHARE_METRICS: Final[dict[str, Metric]] = {
    "forward_share": _metric(
        "share of the work that goes forward",
        "fraction",
        "Forward propagation's share of the work of one thread.",
    ),
    "backward_share": _metric(
        "share of the work that goes backward",
        "fraction",
        "Share of the propagation of errors and of the gradient.",
    ),
    "other_share": _metric(
        "share of the work that is neither",
        "fraction",
        "Share of all else: updates, encoding, merges.",
    ),
}
"""Shares of the work of one thread in a timed variant."""

TIMING_METRICS: Final[dict[str, Metric]] = {
    SECONDS: _metric("time", "s", "Time of the training, the median of the repeats."),
    PROCESSOR_SECONDS: _metric(
        "processor time",
        "s",
        "Processor time of the training, of all threads together, the median of the repeats.",
    ),
    "speedup": _metric(
        "speedup", "×", "Time with one worker over the time, of one variant on one machine."
    ),
    "efficiency": _metric("efficiency", "", "Speed-up over the number of workers."),
    "time_reduction": _metric(
        "time saved against one worker",
        "fraction",
        "One less the time over the time with one worker.",
    ),
    **SHARE_METRICS,
}
"""Metrics of timings: measured, or relative to one worker of the same variant on the same machine."""

PART_METRICS: Final[dict[str, Metric]] = {
    "compute_seconds": _metric("computing", "s", "Time in which the slowest workers compute."),
    "wait_seconds": _metric("waiting", "s", "Time in which workers wait for each other."),
    "merge_seconds": _metric("merging", "s", "Time of merges."),
    "dispatch_seconds": _metric(
        "dispatching", "s", "Time to start tasks and to collect their results."
    ),
}
"""The parts of a modelled time; their sum is its seconds."""

RANGE_METRICS: Final[dict[str, Metric]] = {
    "lower_seconds": _metric(
        "least time", "s", "Least modelled time by a single repeat of each calibration."
    ),
    "upper_seconds": _metric(
        "largest time", "s", "Largest modelled time by a single repeat of each calibration."
    ),
}
"""The range of a modelled time."""

SCALING_METRICS: Final[dict[str, Metric]] = {
    "karp_flatt": _metric(
        "serial share of Karp and Flatt", "fraction", "Serial share that a speed-up implies."
    ),
    "amdahl_serial_share": _metric(
        "serial share of Amdahl", "fraction", "Serial share of Amdahl's law, fitted."
    ),
    "gustafson_serial_share": _metric(
        "serial share of Gustafson", "fraction", "Serial share of Gustafson's law, fitted."
    ),
    "usl_contention": _metric(
        "contention", "", "Contention of the universal scalability law, fitted."
    ),
    "usl_coherence": _metric(
        "coherence", "", "Coherence of the universal scalability law, fitted."
    ),
    "usl_best_workers": _metric(
        "best number of workers", "workers", "Where the fitted law has its maximum."
    ),
}
"""Metrics of the scaling laws, of one speed-up or of a curve."""

DIVERGED: Final = "diverged"
"""A metric of a whole run: 1 if its numbers stopped being finite, else 0."""

METRICS: Final[dict[str, Metric]] = {
    DIVERGED: _metric("diverged", "", "1 for a run whose numbers stopped being finite, else 0."),
    **TIMING_METRICS,
    **PART_METRICS,
    **RANGE_METRICS,
    **SCALING_METRICS,
}
"""Metrics that tables add to those of epochs, which a study describes."""

AXES: Final[dict[str, str]] = {"epochs": "epoch", "workers": "workers", "variants": "variant"}
"""Axes that a claim may run along: the unit of a place on each, and the column of the tables that holds it."""

CONFIDENCE: Final = "confidence"
"""Name by which a configuration means its paper's reading of confidence."""


def run_metrics(study: Study) -> tuple[str, ...]:
    """List the metrics of runs that an exhibit of a study may name."""
    return (CONFIDENCE, *study.metrics)


def claim_metrics(study: Study) -> tuple[str, ...]:
    """List the metrics that a claim or a finding of a study may name."""
    return (*run_metrics(study), DIVERGED, *TIMING_METRICS)


def clock_of(metric: str) -> str:
    """Return the clock that tells a metric of timings, or of which it is derived."""
    return metric if metric in CLOCKS else SECONDS


def stage_of(metric: str) -> Stage:
    """Return what a metric is measured of."""
    return "timings" if metric in TIMING_METRICS else "experiments"


def resolve(metric: str, confidence: str) -> str:
    """Return a metric's full name: ``confidence`` becomes the paper's reading of it."""
    return f"{CONFIDENCE}_{confidence}" if metric == CONFIDENCE else metric
