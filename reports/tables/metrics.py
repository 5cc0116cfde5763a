"""Names, labels and units of the metrics in the tables."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """A metric's label on an axis, and its unit (empty for a plain number)."""

    label: str
    unit: str


EPOCH_METRICS: dict[str, Metric] = {
    "test_accuracy": Metric("accuracy", "fraction"),
    "train_accuracy": Metric("accuracy on the training samples", "fraction"),
    "loss": Metric("training loss", ""),
    "confidence_top": Metric("confidence", "fraction"),
    "confidence_true_class": Metric("confidence in the true class", "fraction"),
    "confidence_top_correct": Metric("confidence where correct", "fraction"),
    "confidence_spread": Metric("spread of confidence", "fraction"),
    "child_accuracy_mean": Metric("mean accuracy of child networks", "fraction"),
    "child_accuracy_min": Metric("lowest accuracy of a child network", "fraction"),
    "child_accuracy_max": Metric("highest accuracy of a child network", "fraction"),
    "weight_magnitude": Metric("mean magnitude of weights and biases", ""),
    "lost_share": Metric("share of the gradient lost to races", "fraction"),
}
"""Metrics of each evaluated epoch of a run."""

SHARE_METRICS: dict[str, Metric] = {
    "forward_share": Metric("share of the work that goes forward", "fraction"),
    "backward_share": Metric("share of the work that goes backward", "fraction"),
    "other_share": Metric("share of the work that is neither", "fraction"),
}
"""Shares of the work of one thread in a timed variant."""

TIMING_METRICS: dict[str, Metric] = {
    "seconds": Metric("time", "s"),
    "speedup": Metric("speedup", "×"),
    "efficiency": Metric("efficiency", ""),
    "time_reduction": Metric("time saved against one worker", "fraction"),
    **SHARE_METRICS,
}
"""Metrics of timings: measured, or relative to one worker of the same variant on the same machine."""

COMPARED_METRICS: dict[str, Metric] = {
    "epochs_to_accuracy": Metric("epochs to the accuracy", "epochs"),
    "seconds_to_accuracy": Metric("time to the accuracy", "s"),
    "accuracy_lost": Metric("accuracy lost, percentage points", "points"),
}
"""Metrics that combine runs with a timing."""

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
    DIVERGED: Metric("diverged", ""),
    **EPOCH_METRICS,
    **TIMING_METRICS,
    **COMPARED_METRICS,
    **PART_METRICS,
    **SCALING_METRICS,
}


def resolve(metric: str, confidence: str) -> str:
    """Return a metric's full name: ``confidence`` becomes the paper's reading of it."""
    return f"confidence_{confidence}" if metric == "confidence" else metric
