"""Magnitude of the parameters."""

from __future__ import annotations

import numpy as np

from pnncore.metrics.contract import MeasuredMetric
from records.metric import Metric

METRIC = MeasuredMetric(
    name="weight_magnitude",
    presentation=Metric(
        label="mean magnitude of weights and biases",
        unit="",
        summary="Mean magnitude of the merged network's weights and biases.",
    ),
    measure=lambda epoch: float(np.abs(epoch.network.parameters).mean()),
)
