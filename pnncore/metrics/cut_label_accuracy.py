"""Accuracy on labels that were scaled like pixels and cut to whole numbers (Olsen, West & Thomasma's program)."""

from __future__ import annotations

from pnncore.metrics.contract import MeasuredMetric
from pnncore.network.evaluation import accuracy
from records.metric import Metric

METRIC = MeasuredMetric(
    name="cut_label_accuracy",
    presentation=Metric(
        label="accuracy on cut labels",
        unit="fraction",
        summary="Fraction of the test samples whose class the merged network takes for their label divided by 255 and "
        "cut to a whole number, which is 0 for every label.",
    ),
    measure=lambda epoch: accuracy(epoch.outputs, epoch.labels // 255),
)
