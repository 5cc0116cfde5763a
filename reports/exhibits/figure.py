"""What drawing an exhibit yields: series, panels and the points behind them, also in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import altair as alt
import pandas as pd

from records.authors import SOURCE
from reports.exhibits.quantity import missing, quantity

if TYPE_CHECKING:
    from reports.exhibits.data_table import DataTable

MEASURED, MODELLED, PUBLISHED, AUTHORS = "measured", "modelled", "published", SOURCE
"""Where a number comes from: the last two are what the paper prints, and what its authors measured besides."""

OURS: Final = (MEASURED, MODELLED)
"""Sources of our own numbers."""

POINT, HLINE, VLINE, BAR = "point", "hline", "vline", "bar"
"""What a row is: a point, a level without a place on the axis, a place without a value, or a part of a bar."""

FACTORS: Final = {
    "hidden": "neurons in the hidden layer",
    "bar": "what",
    "megabytes": "megabytes moved",
}
"""What a factor is called on an axis, where its name does not say."""

Stroke = Literal["solid", "dashed", "dotted", "dash-dotted", "none"]
STROKES: Final[dict[Stroke, list[int]]] = {
    "solid": [1, 0],
    "dashed": [5, 4],
    "dotted": [2, 3],
    "dash-dotted": [8, 3, 2, 3],
    "none": [],
}
"""Dashes of a stroke: the authors' own runs are dotted, and what the paper gives without a point is dash-dotted."""


@dataclass(frozen=True)
class Series:
    """A series of a figure: its name, its colour's token and its stroke."""

    name: str
    token: str
    stroke: Stroke = "solid"


@dataclass(frozen=True)
class Panel:
    """One chart of a figure, and in words what it shows."""

    title: str
    chart: alt.LayerChart
    description: str


@dataclass(frozen=True)
class Figure:
    """A drawn figure: its series in the legend's order, its panels, the points, what to know.

    Its tables are one per panel unless it has `tables` of its own.
    """

    series: tuple[Series, ...]
    panels: tuple[Panel, ...]
    points: pd.DataFrame
    remark: str = ""
    tables: tuple[DataTable, ...] = ()


def panel_titles(points: pd.DataFrame) -> list[str]:
    """List a figure's panels in the order of the table.

    Rows without a panel belong to every panel; where no row has one, the figure is one panel
    without a title.
    """
    titles = [str(title) for title in dict.fromkeys(points["panel"]) if title]
    return titles or [""]


def in_panel(points: pd.DataFrame, title: str) -> pd.DataFrame:
    """Return the rows that a panel shows."""
    return points[points["panel"].isin([title, ""])]


def axis_title(names: Iterable[Any]) -> str:
    """Name an axis after the quantities on it.

    Parameters
    ----------
    names : iterable
        Labels of metrics, or names of factors, repeated as often as rows have them.

    Returns
    -------
    str
        Each label once.

    Examples
    --------
    >>> axis_title(["accuracy", "confidence", "accuracy", None])
    'accuracy and confidence'
    >>> axis_title(["hidden"])
    'neurons in the hidden layer'
    """
    found = (FACTORS.get(str(name), str(name)) for name in names if not missing(name))
    return " and ".join(dict.fromkeys(found))


def describe(rows: pd.DataFrame, series: Sequence[Series]) -> str:
    """Say what a panel shows: where each series starts and ends, and what the paper printed.

    Parameters
    ----------
    rows : DataFrame
        The panel's points, each with the ``name`` of its series.
    series : sequence of Series
        The figure's series.

    Returns
    -------
    str
        Whole sentences, for readers who do not see the chart.
    """
    y, x = axis_title(rows["y_label"]), axis_title(rows["x_name"])
    placed = rows[(rows["source"] != PUBLISHED) & rows["y"].notna() & rows["x"].notna()]
    lines = (
        (
            source,
            placed[(placed["name"] == entry.name) & (placed["source"] == source)].sort_values("x"),
        )
        for entry in series
        for source in (*OURS, AUTHORS)
    )
    sentences = [f"{y.capitalize()} against {x}."]
    sentences += [_course(line, source) for source, line in lines if not line.empty]
    theirs = rows[(rows["source"] == PUBLISHED) & (rows["kind"] == POINT)]
    sentences += [_printed(str(name), own) for name, own in theirs.groupby("name", sort=False)]
    return " ".join(sentences)


def _printed(name: str, points: pd.DataFrame) -> str:
    what = "Published" if name == PUBLISHED else f"Published, {name}"
    return f"{what}: {', '.join(_at(row) for _, row in points.iterrows())}."


def _course(line: pd.DataFrame, source: str) -> str:
    first, last = line.iloc[0], line.iloc[-1]
    name = first["name"] + {MODELLED: ", modelled", AUTHORS: ", the authors’ own runs"}.get(
        source, ""
    )
    if len(line) == 1:
        return f"{name}: {_at(first)}."
    return f"{name}: from {_at(first)} to {_at(last)}."


def _at(row: pd.Series[Any]) -> str:
    unit = "" if missing(row["unit"]) else str(row["unit"])
    return f"{quantity(row['y'], unit)} at {row['x']:g}"


def spread_of(points: pd.DataFrame) -> str:
    """Say what our points and the bands around them are."""
    measured = points[points["source"] == MEASURED]
    told = [_spread_of_measured(measured), about_models(points), _about_authors(points)]
    return " ".join(filter(None, told))


def _about_authors(points: pd.DataFrame) -> str:
    """Say what points of the authors' own runs are, if there are any."""
    theirs = points[points["source"] == AUTHORS]
    if theirs.empty:
        return ""
    ranged = (theirs["lower"] < theirs["upper"]).any()
    what = (
        "medians of their passes with the quartiles, or of two repeats with both"
        if ranged
        else "a single run each, or what two agree in"
    )
    return f"Triangles are what the authors measured themselves: {what}."


def about_models(points: pd.DataFrame) -> str:
    """Say what modelled points are, if there are any."""
    if (points["source"] == MODELLED).any():
        return "Modelled points are computed from what a training does; nothing ran there."
    return ""


def _spread_of_measured(points: pd.DataFrame) -> str:
    if points.empty:
        return ""
    ranged = (points["lower"] < points["upper"]).any()
    if points["seeds"].isna().all():
        return "Medians of the repeats" + ("; the band is their range." if ranged else ".")
    counts = sorted({int(float(count)) for count in points["seeds"].dropna()})
    if counts == [1]:
        return "Runs with one seed each."
    seeds = " or ".join(map(str, counts))
    bands = "; the bands are 95 % intervals of the mean" if ranged else ""
    return f"Means over {seeds} seeds{bands}."
