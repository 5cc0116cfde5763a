"""Training loss."""

from __future__ import annotations

from pnncore.metrics.contract import MeasuredMetric
from records.metric import Metric

METRIC = MeasuredMetric(
    name="loss",
    presentation=Metric(
        label="training loss",
        unit="",
        summary="Mean training loss over the epoch, averaged over the workers; none at epoch 0.",
    ),
    measure=lambda epoch: epoch.snapshot.loss,
    of_network=False,
)
