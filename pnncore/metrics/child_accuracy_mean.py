"""Mean accuracy of the child networks."""

from __future__ import annotations

from statistics import fmean

from pnncore.metrics.contract import MeasuredMetric
from records.metric import Metric

METRIC = MeasuredMetric(
    name="child_accuracy_mean",
    presentation=Metric(
        label="mean accuracy of child networks",
        unit="fraction",
        setting="evaluate_children",
        summary="Mean accuracy of the child networks on the test samples, before the merge, where they are tested.",
    ),
    measure=lambda epoch: fmean(epoch.child_accuracies) if epoch.child_accuracies else None,
    of_network=False,
)
