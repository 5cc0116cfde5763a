"""Metrics: their names, labels and units, and what a configuration may name.

The pipeline asks this module at every start, so it imports nothing but the standard library.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

Stage: TypeAlias = Literal["experiments", "timings"]
"""Key of a study's configuration that holds what a metric is measured of."""


@dataclass(frozen=True)
class Metric:
    """A metric.

    Attributes
    ----------
    label
        Its name on an axis.
    unit
        Its unit; empty for a plain number.
    stage
        What it is measured of, if a configuration may name it; None for a metric that tables alone have.
    """

    label: str
    unit: str
    stage: Stage | None = None


EPOCH_METRICS: dict[str, Metric] = {
    "test_accuracy": Metric("accuracy", "fraction", "experiments"),
    "train_accuracy": Metric("accuracy on the training samples", "fraction", "experiments"),
    "loss": Metric("training loss", "", "experiments"),
    "confidence_top": Metric("confidence", "fraction", "experiments"),
    "confidence_true_class": Metric("confidence in the true class", "fraction", "experiments"),
    "confidence_top_correct": Metric("confidence where correct", "fraction", "experiments"),
    "confidence_spread": Metric("spread of confidence", "fraction", "experiments"),
    "child_accuracy_mean": Metric("mean accuracy of child networks", "fraction", "experiments"),
    "child_accuracy_min": Metric("lowest accuracy of a child network", "fraction", "experiments"),
    "child_accuracy_max": Metric("highest accuracy of a child network", "fraction", "experiments"),
    "weight_magnitude": Metric("mean magnitude of weights and biases", "", "experiments"),
    "lost_share": Metric("share of the gradient lost to races", "fraction", "experiments"),
}
"""Metrics of each evaluated epoch of a run."""

SHARE_METRICS: dict[str, Metric] = {
    "forward_share": Metric("share of the work that goes forward", "fraction", "timings"),
    "backward_share": Metric("share of the work that goes backward", "fraction", "timings"),
    "other_share": Metric("share of the work that is neither", "fraction", "timings"),
}
"""Shares of the work of one thread in a timed variant."""

TIMING_METRICS: dict[str, Metric] = {
    "seconds": Metric("time", "s", "timings"),
    "speedup": Metric("speedup", "×", "timings"),
    "efficiency": Metric("efficiency", "", "timings"),
    "time_reduction": Metric("time saved against one worker", "fraction", "timings"),
    **SHARE_METRICS,
}
"""Metrics of timings: measured, or relative to one worker of the same variant on the same machine."""

PART_METRICS: dict[str, Metric] = {
    "compute_seconds": Metric("computing", "s"),
    "wait_seconds": Metric("waiting", "s"),
    "merge_seconds": Metric("merging", "s"),
    "dispatch_seconds": Metric("dispatching", "s"),
}
"""The parts of a modelled time; their sum is its seconds."""

SCALING_METRICS: dict[str, Metric] = {
    "karp_flatt": Metric("serial share of Karp and Flatt", "fraction"),
    "amdahl_serial_share": Metric("serial share of Amdahl", "fraction"),
    "gustafson_serial_share": Metric("serial share of Gustafson", "fraction"),
    "usl_contention": Metric("contention", ""),
    "usl_coherence": Metric("coherence", ""),
    "usl_best_workers": Metric("best number of workers", "workers"),
}
"""Metrics of the scaling laws, of one speed-up or of a curve."""

DIVERGED = "diverged"
"""A metric of a whole run: 1 if its numbers stopped being finite, else 0."""

METRICS: dict[str, Metric] = {
    DIVERGED: Metric("diverged", "", "experiments"),
    **EPOCH_METRICS,
    **TIMING_METRICS,
    **PART_METRICS,
    **SCALING_METRICS,
}

CONFIDENCE: Final = "confidence"
"""Name by which a configuration means its paper's reading of confidence."""

STAGES: Final[dict[str, Stage]] = {
    CONFIDENCE: "experiments",
    **{name: metric.stage for name, metric in METRICS.items() if metric.stage is not None},
}
"""What each metric that a configuration may name is measured of."""

if TYPE_CHECKING:
    MetricName: TypeAlias = str
else:
    MetricName = Literal[tuple(STAGES)]
"""Type of a metric's name in a configuration: the names of `STAGES`."""


def named_of(stage: Stage) -> tuple[str, ...]:
    """List the metrics of a stage that a configuration may name."""
    return tuple(name for name, measured in STAGES.items() if measured == stage)


def resolve(metric: str, confidence: str) -> str:
    """Return a metric's full name: ``confidence`` becomes the paper's reading of it."""
    return f"{CONFIDENCE}_{confidence}" if metric == CONFIDENCE else metric
