"""Mean of the largest output where right: a reading of “confidence” (Kalwarowskyj & Schikuta, Fig. 5, leave it open)."""

from __future__ import annotations

from pnncore.metrics.contract import MeasuredMetric, Tested
from records.metric import Metric


def measure(tested: Tested) -> float | None:
    """Return the mean of the largest output over correctly classified samples; None without any."""
    correct = tested.outputs.argmax(axis=1) == tested.labels
    return float(tested.outputs.max(axis=1)[correct].mean()) if correct.any() else None


METRIC = MeasuredMetric(
    name="confidence_top_correct",
    presentation=Metric(
        label="confidence where correct",
        unit="fraction",
        summary="Mean of the largest output over correctly classified test samples; none without any.",
    ),
    measure=measure,
)
