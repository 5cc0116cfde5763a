"""Metrics of exhibits' points: those of the tables, and those that a kind of exhibit makes of them."""

from __future__ import annotations

from functools import cache

from reports.tables.metrics import METRICS, Metric


@cache
def shown_metrics() -> dict[str, Metric]:
    """Return all metrics that points can have, by name."""
    # Kinds name their points by these metrics, too.
    from reports.exhibits.registry import KINDS

    charts = (kind.chart for kind in KINDS.entries.values() if kind.chart)
    return METRICS | {name: metric for chart in charts for name, metric in chart.metrics.items()}
