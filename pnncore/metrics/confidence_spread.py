"""Spread of the largest outputs."""

from __future__ import annotations

from pnncore.metrics.contract import MeasuredMetric
from records.metric import Metric

METRIC = MeasuredMetric(
    name="confidence_spread",
    presentation=Metric(
        label="spread of confidence",
        unit="fraction",
        summary="Standard deviation of the largest output over the test samples.",
    ),
    measure=lambda epoch: float(epoch.outputs.max(axis=1).std()),
)
