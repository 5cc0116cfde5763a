"""Accuracy on the test samples."""

from __future__ import annotations

from pnncore.metrics.contract import MeasuredMetric
from pnncore.network.evaluation import accuracy
from records.metric import Metric

METRIC = MeasuredMetric(
    name="test_accuracy",
    presentation=Metric(
        label="accuracy",
        unit="fraction",
        summary="Fraction of the test samples that the merged network classifies correctly.",
    ),
    measure=lambda epoch: accuracy(epoch.outputs, epoch.labels),
)
