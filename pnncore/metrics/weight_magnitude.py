"""Magnitude of the weights."""

from __future__ import annotations

import numpy as np

from pnncore.metrics.contract import MeasuredMetric
from records.metric import Metric

METRIC = MeasuredMetric(
    name="weight_magnitude",
    presentation=Metric(
        label="mean magnitude of weights",
        unit="",
        summary="Mean magnitude of the merged network's weights, without biases.",
    ),
    measure=lambda epoch: float(np.abs(epoch.network.all_weights).mean()),
)
