"""An exhibit as a page shows it: the figure, its legend, its tables and what lies behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from reports.exhibits import theme
from reports.exhibits.drawings import Drawing
from reports.exhibits.figure import BAR, POINT, PUBLISHED, STROKES, Figure
from reports.exhibits.headline import headline
from reports.exhibits.picture import picture
from reports.exhibits.registry import KINDS
from reports.pages.data_table import Comparison, DataTable, beside_all, comparisons, data_tables
from reports.pages.links import Link, links
from reports.pages.page_chart import for_picture
from reports.tables.marks import NOISY


@dataclass(frozen=True)
class PanelView:
    """A panel: what the script draws, and the picture and words that stand without it."""

    title: str
    description: str
    spec: Mapping[str, Any]
    picture: Markup


@dataclass(frozen=True)
class LegendEntry:
    """A series in the legend: its name, its colour and the dashes of its stroke; none for points without a line."""

    name: str
    colour: str
    dashes: str


@dataclass(frozen=True)
class FigureView:
    """A figure on a page: what it shows, legend, the sources that it shows by their shapes, and panels."""

    headline: str
    legend: tuple[LegendEntry, ...]
    sources: tuple[tuple[str, str], ...]
    panels: tuple[PanelView, ...]
    remark: str


@dataclass(frozen=True)
class ExhibitView:
    """An exhibit of the paper and ours beside it; without figure, drawing and comparisons where nothing was run."""

    name: str
    label: str
    title: str
    note: str
    figure: FigureView | None
    comparisons: tuple[Comparison, ...]
    beside: tuple[DataTable, ...]
    tables: tuple[DataTable, ...]
    evidence: tuple[Link, ...]
    drawing: Drawing | None
    experiment: str
    divergence: str
    fitted: bool


def figure_view(figure: Figure, headline: str = "") -> FigureView:
    """Prepare a figure for a page, with a sentence that says what it shows."""
    return FigureView(
        headline=headline,
        legend=tuple(
            LegendEntry(
                entry.name, theme.colour(entry.token), " ".join(map(str, STROKES[entry.stroke]))
            )
            for entry in figure.series
        ),
        sources=tuple(
            (source, shape)
            for source, shape in _sources(figure.points)
            if source not in {entry.name for entry in figure.series}
        ),
        panels=tuple(
            PanelView(panel.title, panel.description, spec, picture(for_picture(spec)))
            for panel in figure.panels
            for spec in [panel.chart.to_dict()]
        ),
        remark=figure.remark,
    )


def _sources(points: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Name what the shapes of the points say; what is published without a point is dotted."""
    if "source" not in points:
        return
    drawn = points[points["kind"] == POINT]
    shown = set(drawn["source"])
    yield from ((source, shape) for source, shape in theme.SHAPES.items() if source in shown)
    theirs = points[points["source"] == PUBLISHED]
    if PUBLISHED not in shown and (theirs["kind"] != BAR).any():
        yield PUBLISHED, "dotted"
    if (theirs["kind"] == BAR).any():
        yield PUBLISHED, "frame"
    if drawn["oversubscribed"].isin([True]).any():
        yield "hollow: more workers than hardware threads", "hollow"
    if (drawn["mark"] == NOISY).any():
        yield "crossed: other programs ran meanwhile", "cross"


def exhibit_view(
    name: str,
    exhibit: Mapping[str, Any],
    points: pd.DataFrame,
    study: Mapping[str, Any],
    site: Path,
    drawing: Drawing | None = None,
    settings: tuple[Comparison, ...] = (),
    divergence: str = "",
    fitted: bool = False,
) -> ExhibitView:
    """Prepare an exhibit for a page.

    Parameters
    ----------
    name, exhibit
        The exhibit in the configuration.
    points
        Its rows of exhibits.csv.
    study
        Its study's resolved configuration.
    site
        The folder that the page will stand in.
    drawing
        What to show instead of points, for an exhibit that shows no runs.
    settings
        Published settings beside ours, for an exhibit that lists them.
    divergence
        Which runs diverged and have no point.
    fitted
        Whether what is modelled is fitted to what the paper prints.

    Returns
    -------
    ExhibitView
        What the page shows; without a figure if none of the rows is ours.
    """
    ours = points[points["source"] != PUBLISHED]
    figure = None if ours.empty else KINDS.named(exhibit["chart"]).draw(points, study)
    return ExhibitView(
        name=name,
        label=exhibit.get("label", name),
        title=exhibit["title"],
        note=exhibit.get("note", ""),
        figure=figure_view(figure, headline(figure)) if figure else None,
        comparisons=comparisons(figure) if figure else settings,
        beside=beside_all(figure) if figure else (),
        tables=data_tables(figure) if figure else (),
        evidence=links(ours["evidence"].dropna(), site),
        drawing=drawing,
        experiment=exhibit.get("experiment", ""),
        divergence=divergence,
        fitted=fitted,
    )
