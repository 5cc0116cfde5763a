"""Mean of the largest output: a reading of “confidence” (undefined by Kalwarowskyj & Schikuta, Fig. 5)."""

from __future__ import annotations

from pnncore.metrics.contract import MeasuredMetric
from records.metric import Metric

METRIC = MeasuredMetric(
    name="confidence_top",
    presentation=Metric(
        label="confidence",
        unit="fraction",
        summary="Mean of the largest output over the test samples.",
    ),
    measure=lambda epoch: float(epoch.outputs.max(axis=1).mean()),
)
