"""Share of samples that a network does not decide: several outputs are the largest."""

from __future__ import annotations

from pnncore.metrics.contract import EvaluatedEpoch, MeasuredMetric
from records.metric import Metric


def measure(epoch: EvaluatedEpoch) -> float:
    """Return the share of the test samples with more than one largest output, in 0..1."""
    largest = epoch.outputs.max(axis=1, keepdims=True)
    return float(((epoch.outputs == largest).sum(axis=1) > 1).mean())


METRIC = MeasuredMetric(
    name="unanswered",
    presentation=Metric(
        label="share without one answer",
        unit="fraction",
        summary="Fraction of the test samples for which several of the merged network's outputs are equally large and "
        "larger than the others; the first of these classes is taken.",
    ),
    measure=measure,
)
