"""Lowest accuracy of the child networks."""

from __future__ import annotations

from pnncore.metrics.contract import MeasuredMetric
from records.metric import Metric

METRIC = MeasuredMetric(
    name="child_accuracy_min",
    presentation=Metric(
        label="lowest accuracy of a child network",
        unit="fraction",
        setting="evaluate_children",
        summary="Lowest accuracy of the child networks on the test samples, before the merge, where they are tested.",
    ),
    measure=lambda epoch: min(epoch.child_accuracies, default=None),
    of_network=False,
)
