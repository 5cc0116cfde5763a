"""The points of every exhibit: ours, and those that the paper prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from reports.exhibits.at_work import at_work
from reports.exhibits.columns import COLUMNS
from reports.exhibits.keys import ChartKeys, point_of
from reports.exhibits.layout import Layout, Point
from reports.exhibits.metrics import shown_metrics
from reports.exhibits.registry import KINDS
from reports.exhibits.results import Results, shown_variants
from reports.pages.paper import Paper, read_paper
from reports.tables.facts import Facts
from reports.tables.metrics import resolve
from reports.tables.properties import read_properties
from reports.tables.record_list import read_list
from reports.tables.tidy import EPOCHS, TIMINGS, read_table, table, write_table


def write_exhibits(
    paper: Path,
    epochs: Path,
    timings: Path,
    machines: Mapping[str, str],
    records: Path,
    output: Path,
) -> None:
    """Write ``exhibits.csv`` of a paper.

    Parameters
    ----------
    paper
        Its resolved configuration.
    epochs, timings
        Its tables.
    machines
        Titles of the machines by name.
    records
        The list of its records, for properties.
    output
        The table.

    Raises
    ------
    InputError
        If one of them is not whole.
    """
    exhibits = tabulate_exhibits(
        read_paper(paper),
        read_table(epochs, EPOCHS),
        read_table(timings, TIMINGS),
        machines,
        dict(read_properties(read_list(records).properties).records),
    )
    write_table(exhibits, output)


def tabulate_exhibits(
    paper: Paper,
    epochs: pd.DataFrame,
    timings: pd.DataFrame,
    machines: Mapping[str, str],
    properties: Mapping[str, Facts] | None = None,
) -> pd.DataFrame:
    """Lay out every exhibit of a paper.

    Parameters
    ----------
    paper
        The resolved configuration of the paper.
    epochs, timings
        The tables of its runs.
    machines
        Titles of the machines by name.
    properties
        Facts by the name of the property.

    Returns
    -------
    DataFrame
        One row a point of runs that did not diverge, with the columns of ``exhibits.csv``. A published row without x is
        a horizontal line, one without y a vertical line; a row without a panel belongs into every panel. An exhibit
        that is not drawn from runs, such as a diagram, has no rows.
    """
    results = Results(paper, epochs, timings, properties or {})
    return table(
        (
            {"edition": paper["edition"]["name"], "paper": paper["id"], "exhibit": name, **row}
            for name, entry in paper["exhibits"].items()
            for row in _rows(name, entry, results, machines)
        ),
        COLUMNS,
    )


def _rows(
    name: str, entry: Mapping[str, Any], results: Results, machines: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield the rows of an exhibit: our points, and the published ones in the panels that they belong to."""
    kind = KINDS.named(entry["chart"])
    if kind.chart is None:
        return
    exhibit = kind.read(entry, f"exhibits.{name}")
    with at_work(results.paper["id"], name, kind.name):
        ours = list(kind.chart.tabulate(exhibit, results))
    variants = shown_variants(exhibit, kind.chart.stage, results.paper)
    layout = Layout.of(exhibit, variants, machines)
    for point in ours:
        yield _row(point, layout, layout.panel_of(point))
    for point in _published(exhibit, results):
        for panel in layout.panels_of(point, ours):
            yield _row(point, layout, panel)


def _published(exhibit: ChartKeys, results: Results) -> Iterator[dict[str, Any]]:
    """Yield the points that the paper prints; those without a metric are of the exhibit's first."""
    for printed in exhibit.published:
        entry = point_of(printed)
        named_metric = entry.get("metric", exhibit.metrics[0])
        metric = resolve(named_metric, results.paper["confidence"])
        yield {**entry, "metric": metric, "y": entry.get("value"), "source": "published"}


def _row(point: Point, layout: Layout, panel: str) -> dict[str, Any]:
    return {
        **{column: point[column] for column in COLUMNS if column in point},
        "panel": panel,
        "series": layout.series_of(point),
        "x": point.get(layout.x),
        "x_name": layout.x_name,
        "y_name": point["metric"],
        "unit": shown_metrics()[point["metric"]].unit,
    }
