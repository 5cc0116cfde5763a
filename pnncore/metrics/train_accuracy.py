"""Accuracy on the training samples."""

from __future__ import annotations

from pnncore.metrics.contract import MeasuredMetric
from records.metric import Metric

METRIC = MeasuredMetric(
    name="train_accuracy",
    presentation=Metric(
        label="accuracy on the training samples",
        unit="fraction",
        setting="evaluate_training",
        summary="Fraction of the training samples that the merged network classifies correctly, if they are tested.",
    ),
    measure=lambda epoch: epoch.train_accuracy,
)
