"""The metrics of epochs by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from records.registry import Registry

if TYPE_CHECKING:
    from pnncore.metrics.contract import EvaluatedEpoch, MeasuredMetric

METRICS: Final[Registry[MeasuredMetric]] = Registry("pnncore.metrics", "METRIC")
"""Every module of the package that has a ``METRIC``."""


def measure(epoch: EvaluatedEpoch) -> dict[str, float]:
    """Measure an epoch.

    Parameters
    ----------
    epoch
        The epoch's networks and their tests.

    Returns
    -------
    dict
        Values of all metrics that have one at this epoch, and those that the strategy measured, by name.
    """
    measured = {name: metric.value(epoch) for name, metric in METRICS.entries.items()}
    values = {name: value for name, value in measured.items() if value is not None}
    return values | dict(epoch.snapshot.metrics)
