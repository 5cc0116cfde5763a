"""The points of every exhibit: ours, those that the paper prints, and those of the authors' own runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from records.study import Study
from reports.exhibits.at_work import at_work
from reports.exhibits.columns import COLUMNS
from reports.exhibits.keys import ChartKeys, point_of
from reports.exhibits.layout import Layout, Point
from reports.exhibits.registry import KINDS
from reports.exhibits.results import Results, shown_variants
from reports.exhibits.their_points import their_points
from reports.study import read_study
from reports.tables import authors as theirs
from reports.tables.facts import Facts
from reports.tables.metrics import METRICS, resolve
from reports.tables.properties import read_properties
from reports.tables.record_list import read_list
from reports.tables.tidy import EPOCHS, TIMINGS, read_table, table, write_table


def write_exhibits(
    study: Path,
    epochs: Path,
    timings: Path,
    authors: Path,
    machines: Mapping[str, str],
    records: Path,
    output: Path,
) -> None:
    """Write ``exhibits.csv`` of a study.

    Parameters
    ----------
    study
        Its resolved configuration.
    epochs, timings, authors
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
        read_study(study),
        read_table(epochs, EPOCHS),
        read_table(timings, TIMINGS),
        machines,
        dict(read_properties(read_list(records).properties).records),
        read_table(authors, theirs.COLUMNS),
    )
    write_table(exhibits, output)


def tabulate_exhibits(
    study: Study,
    epochs: pd.DataFrame,
    timings: pd.DataFrame,
    machines: Mapping[str, str],
    properties: Mapping[str, Facts] | None = None,
    authors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Lay out every exhibit of a study.

    Parameters
    ----------
    study
        The resolved configuration of the study.
    epochs, timings
        The tables of its runs.
    machines
        Titles of the machines by name.
    properties
        Facts by the name of the property.
    authors
        The table of what its authors measured.

    Returns
    -------
    DataFrame
        One row a point of runs that did not diverge, with the columns of ``exhibits.csv``. A published row without x is
        a horizontal line, one without y a vertical line; a row without a panel belongs into every panel. An exhibit
        that is not drawn from runs, such as a diagram, has no rows.
    """
    measured = table([], theirs.COLUMNS) if authors is None else authors
    results = Results(study, epochs, timings, properties or {}, measured)
    return table(
        (
            {"edition": study.edition.name, "paper": study.id, "exhibit": name, **row}
            for name, entry in study.exhibits.items()
            for row in _rows(name, entry, results, machines)
        ),
        COLUMNS,
    )


def _rows(
    name: str, entry: Mapping[str, Any], results: Results, machines: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield the rows of an exhibit: our points, and the paper's and its authors' in the panels that they belong to."""
    kind = KINDS.named(entry["chart"])
    if kind.chart is None:
        return
    exhibit = kind.read(entry, f"exhibits.{name}")
    metrics = {**results.study.metrics, **METRICS, **kind.chart.metrics}
    # A kind with metrics of its own shows these, made of the exhibit's.
    first = next(iter(kind.chart.metrics), exhibit.metrics[0])
    with at_work(results.study.id, name, kind.name):
        ours = list(kind.chart.tabulate(exhibit, results))
        variants = shown_variants(exhibit, results.study.stages[kind.chart.stage])
        layout = Layout.of(exhibit, variants, machines, metrics)
        for point in ours:
            yield _row(point, layout, layout.panel_of(point))
    for point in (*_published(exhibit, first, results), *their_points(exhibit, results)):
        for panel in layout.panels_of(point, ours):
            yield _row(point, layout, panel)


def _published(exhibit: ChartKeys, first: str, results: Results) -> Iterator[dict[str, Any]]:
    """Yield the points that the paper prints; those without a metric are of the first that the exhibit shows."""
    for printed in exhibit.published:
        entry = point_of(printed)
        named_metric = entry.get("metric", first)
        metric = resolve(named_metric, results.study.confidence)
        yield {**entry, "metric": metric, "y": entry.get("value"), "source": "published"}


def _row(point: Point, layout: Layout, panel: str) -> dict[str, Any]:
    metric = layout.metrics[point["metric"]]
    return {
        **{column: point[column] for column in COLUMNS if column in point},
        "panel": panel,
        "series": layout.series_of(point),
        "x": point.get(layout.x),
        "x_name": layout.x_name,
        "y_name": point["metric"],
        "y_label": metric.label,
        "unit": metric.unit,
    }
