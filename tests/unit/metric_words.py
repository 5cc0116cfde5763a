"""What there is to say of every metric, for records and tables that are made up."""

from typing import Any, Final

from pnncore.metrics.registry import METRICS as MEASURED
from pnncore.strategies.registry import STRATEGIES
from records.metric import Metric
from reports.exhibits.registry import KINDS
from reports.tables.metrics import METRICS as TABULATED


def _joined(*described: dict[str, Metric]) -> dict[str, Metric]:
    return {name: metric for each in described for name, metric in each.items()}


EPOCH_METRICS: Final = _joined(
    {name: metric.presentation for name, metric in MEASURED.entries.items()},
    *(dict(strategy.presentation.metrics) for strategy in STRATEGIES.entries.values()),
)
"""Metrics that runs can have, by name."""

POINT_METRICS: Final = _joined(
    EPOCH_METRICS,
    TABULATED,
    *(dict(kind.chart.metrics) for kind in KINDS.entries.values() if kind.chart),
)
"""Metrics that points of exhibits can have, by name."""


def labelled(point: dict[str, Any]) -> dict[str, Any]:
    """Return a row of exhibits.csv with the label of its metric."""
    return {**point, "y_label": POINT_METRICS[point["y_name"]].label}
