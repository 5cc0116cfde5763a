"""Mean of the largest output where right: a reading of “confidence” (undefined by Kalwarowskyj & Schikuta, Fig. 5)."""

from __future__ import annotations

from pnncore.metrics.contract import EvaluatedEpoch, MeasuredMetric
from records.metric import Metric


def measure(epoch: EvaluatedEpoch) -> float | None:
    """Return the mean of the largest output over correctly classified samples; None without any."""
    correct = epoch.outputs.argmax(axis=1) == epoch.labels
    return float(epoch.outputs.max(axis=1)[correct].mean()) if correct.any() else None


METRIC = MeasuredMetric(
    name="confidence_top_correct",
    presentation=Metric(
        label="confidence where correct",
        unit="fraction",
        summary="Mean of the largest output over correctly classified test samples; none without any.",
    ),
    measure=measure,
)
