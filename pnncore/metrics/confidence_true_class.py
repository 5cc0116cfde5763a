"""Mean output of the true class: a reading of “confidence” (Kalwarowskyj & Schikuta, Fig. 5, leave it open)."""

from __future__ import annotations

import numpy as np

from pnncore.metrics.contract import MeasuredMetric, Tested
from records.metric import Metric


def measure(tested: Tested) -> float:
    """Return the mean output of the true class."""
    return float(tested.outputs[np.arange(len(tested.labels)), tested.labels].mean())


METRIC = MeasuredMetric(
    name="confidence_true_class",
    presentation=Metric(
        label="confidence in the true class",
        unit="fraction",
        summary="Mean output of the true class over the test samples.",
    ),
    measure=measure,
)
