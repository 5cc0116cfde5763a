"""Highest accuracy of the child networks."""

from __future__ import annotations

from pnncore.metrics.contract import MeasuredMetric
from records.metric import Metric

METRIC = MeasuredMetric(
    name="child_accuracy_max",
    presentation=Metric(
        label="highest accuracy of a child network",
        unit="fraction",
        setting="evaluate_children",
        summary="Highest accuracy of the child networks on the test samples, before the merge, where they are tested.",
    ),
    measure=lambda epoch: max(epoch.child_accuracies, default=None),
    of_network=False,
)
