"""Dots of one quantity, in rows, each with its name above it and their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import altair as alt
import pandas as pd

from reports.exhibits import theme
from reports.exhibits.axes import decades, unit_of
from reports.exhibits.figure import STROKES, Series, axis_title
from reports.exhibits.layers import colour_scale, finish, records, shown

ROW_HEIGHT: Final = 34  # of a dot and the name above it

APART: Final = 30
"""From so many times the least number on, the axis is logarithmic."""


def dots(rows: pd.DataFrame, order: Sequence[str]) -> alt.LayerChart:
    """Draw a dot for each ``name`` of the rows.

    Parameters
    ----------
    rows : DataFrame
        One row a dot, with its ``name``, ``y``, and ``lower`` and ``upper``, the ends of its interval.
    order : sequence of str
        The names, from above.

    Returns
    -------
    LayerChart
        The chart, finished.
    """
    label, number = axis_title(rows["y_label"]), ".2%" if unit_of(rows) == "fraction" else ".4~g"
    here = [name for name in order if name in set(rows["name"])]
    y = alt.Y("name:N", sort=here, axis=None)
    x = _axis(rows, label)
    lower = x.copy()
    lower.shorthand = "lower:Q"
    tooltip = [
        alt.Tooltip("name:N", title="what"),
        *(
            alt.Tooltip(f"{column}:Q", title=title, format=number)
            for column, title in (("y", label), ("lower", "lower"), ("upper", "upper"))
        ),
    ]
    colour = theme.colour("merged")
    ranges = alt.Chart().transform_filter("isValid(datum.lower)")
    ranges = ranges.mark_rule(strokeWidth=2, yOffset=6, color=colour)
    point = alt.Chart().mark_point(filled=True, opacity=1, size=60, yOffset=6, color=colour)
    names = alt.Chart().mark_text(
        align="left", baseline="bottom", dy=0, color=theme.colour("ink"), fontSize=12
    )
    layers = [
        ranges.encode(x=lower, x2="upper:Q", y=y),
        point.encode(x=x, y=y, tooltip=tooltip),
        names.encode(x=alt.value(0), y=y, text="name:N"),
    ]
    columns = ["name", "y", "lower", "upper"]
    chart = alt.LayerChart(data=records(rows[columns]), layer=layers)
    return finish(chart, ROW_HEIGHT * max(len(here), 1))


def rows_of_dots(
    ours: pd.DataFrame, theirs: pd.DataFrame, order: Sequence[str], series: Sequence[Series]
) -> alt.LayerChart:
    """Draw a row for each ``panel`` of ours, with a dot a series; what is printed is a line across all rows.

    Parameters
    ----------
    ours, theirs : DataFrame
        Completed rows of exhibits.csv, each with the ``name`` of its series.
    order : sequence of str
        The rows, from above.
    series : sequence of Series
        The figure's series.

    Returns
    -------
    LayerChart
        The chart, finished.
    """
    label, number = axis_title(ours["y_label"]), ".2%" if unit_of(ours) == "fraction" else ".4~g"
    y = alt.Y("panel:N", sort=list(order), axis=None)
    x = _axis(pd.concat([ours, theirs]), label)
    lower = x.copy()
    lower.shorthand = "lower:Q"
    colour = colour_scale(series)
    tooltip = [
        alt.Tooltip("panel:N", title="reading"),
        alt.Tooltip("name:N", title="with"),
        alt.Tooltip("y:Q", title=label, format=number),
        alt.Tooltip("where:N", title="printed in"),
    ]
    carried = ["panel", "name", "y", "lower", "upper", "where"]
    own = shown(alt.Chart(records(ours[carried])))
    titles = alt.Chart(records(pd.DataFrame({"panel": list(order)}))).mark_text(
        align="left", baseline="bottom", dy=0, color=theme.colour("ink"), fontSize=12
    )
    ranges = own.transform_filter("isValid(datum.lower)").mark_rule(strokeWidth=2, yOffset=6)
    layers = [
        ranges.encode(x=lower, x2="upper:Q", y=y, color=colour),
        own.mark_point(filled=True, opacity=1, size=60, yOffset=6).encode(
            x=x, y=y, color=colour, tooltip=tooltip[:3]
        ),
        titles.encode(x=alt.value(0), y=y, text="panel:N"),
    ]
    if not theirs.empty:
        printed = shown(alt.Chart(records(theirs[carried])))
        level = printed.mark_rule(strokeDash=STROKES["dash-dotted"], strokeWidth=1.5)
        layers.insert(0, level.encode(x=x, color=colour, tooltip=tooltip[1:]))
    return finish(alt.LayerChart(layer=layers), ROW_HEIGHT * max(len(order), 1))


def _axis(rows: pd.DataFrame, label: str) -> alt.X:
    values = pd.concat([rows["y"], rows["lower"], rows["upper"]]).dropna().astype(float)
    low, high = float(values.min()), float(values.max())
    x = alt.X("y:Q", title=label)
    if low > 0 and high >= APART * low:
        scale = alt.Scale(type="log", domain=[low, high], nice=False, padding=8)
        return x.scale(scale).axis(format="~s", values=decades(low, high))
    number = "~%" if unit_of(rows) == "fraction" else "~r"
    scale = alt.Scale(domain=[low, high], nice=True, zero=False, padding=8)
    return x.scale(scale).axis(format=number, tickCount=5)
