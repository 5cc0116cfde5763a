"""A figure as a page shows it: what it shows in words, its legend, and its charts with pictures of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
from msgspec import Struct
from msgspec.structs import replace

from reports.exhibits import theme
from reports.exhibits.figure import BAR, POINT, PUBLISHED, STROKES, Figure
from reports.exhibits.picture import picture
from reports.exhibits.specification import specification
from reports.tables.marks import NOISY


class PanelView(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A panel: what the script draws, and the picture and words that stand without it.

    Attributes
    ----------
    title, description
        The words.
    spec
        The chart (`reports.exhibits.specification`).
    picture
        The same as an ``svg`` element; empty until `with_pictures` draws it.
    """

    title: str
    description: str
    spec: dict[str, Any]
    picture: str = ""


class LegendEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """A series in the legend: its name, its colour and the dashes of its stroke; none for points without a line."""

    name: str
    colour: str
    dashes: str


class FigureView(Struct, frozen=True, forbid_unknown_fields=True):
    """A figure on a page: what it shows, legend, the sources that it shows by their shapes, and panels."""

    headline: str
    legend: tuple[LegendEntry, ...]
    sources: tuple[tuple[str, str], ...]
    panels: tuple[PanelView, ...]
    remark: str


def figure_view(figure: Figure, headline: str = "") -> FigureView:
    """Prepare a figure for a page, with a sentence that says what it shows, and without pictures."""
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
            PanelView(panel.title, panel.description, specification(panel.chart))
            for panel in figure.panels
        ),
        remark=figure.remark,
    )


def with_pictures(view: FigureView, name: str) -> FigureView:
    """Draw a picture of each panel from its chart.

    Parameters
    ----------
    view
        The figure; pictures that it has are replaced.
    name
        Its name, which no other figure of its page has.
    """
    panels = (
        replace(panel, picture=picture(panel.spec, f"{name}-{number}"))
        for number, panel in enumerate(view.panels, start=1)
    )
    return replace(view, panels=tuple(panels))


def _sources(points: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Name what the shapes of the points say; what is published without a point is dash-dotted."""
    if "source" not in points:
        return
    drawn = points[points["kind"] == POINT]
    shown = set(drawn["source"])
    yield from ((source, shape) for source, shape in theme.SHAPES.items() if source in shown)
    theirs = points[points["source"] == PUBLISHED]
    if PUBLISHED not in shown and (theirs["kind"] != BAR).any():
        yield PUBLISHED, "dash-dotted"
    if (theirs["kind"] == BAR).any():
        yield PUBLISHED, "frame"
    if drawn["oversubscribed"].isin([True]).any():
        yield "hollow: more workers than hardware threads", "hollow"
    if (drawn["mark"] == NOISY).any():
        yield "crossed: other programs ran meanwhile", "cross"
