"""Mean output of the true class: a reading of “confidence” (undefined by Kalwarowskyj & Schikuta, Fig. 5)."""

from __future__ import annotations

import numpy as np

from pnncore.metrics.contract import EvaluatedEpoch, MeasuredMetric
from records.metric import Metric


def measure(epoch: EvaluatedEpoch) -> float:
    """Return the mean output of the true class."""
    return float(epoch.outputs[np.arange(len(epoch.labels)), epoch.labels].mean())


METRIC = MeasuredMetric(
    name="confidence_true_class",
    presentation=Metric(
        label="confidence in the true class",
        unit="fraction",
        summary="Mean output of the true class over the test samples.",
    ),
    measure=measure,
)
