"""Stacked bars, one a row, each with its name above it, where a name has the whole width on a phone, too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import altair as alt
import pandas as pd

from reports.exhibits import theme
from reports.exhibits.figure import PUBLISHED, Series
from reports.exhibits.layers import colour_scale, finish, records, series_scale, shown

ROW_HEIGHT: Final = 52  # of a bar and the name above it


def stacked(
    rows: pd.DataFrame, series: Sequence[Series], length: alt.X, tooltip: Sequence[alt.Tooltip]
) -> alt.LayerChart:
    """Draw a bar for each ``bar`` of the rows, in their order; what is published is hollow.

    Parameters
    ----------
    rows : DataFrame
        One row a part: its ``bar``, its ``name``, its place in ``order``, its ``source``, and what `length` and
        `tooltip` show.
    series : sequence of Series
        The parts.
    length : X
        The horizontal axis.
    tooltip : sequence of Tooltip
        What is said of a part.

    Returns
    -------
    LayerChart
        The chart, finished.
    """
    y = alt.Y("bar:N", sort=list(dict.fromkeys(rows["bar"])), axis=None)
    place: dict[str, Any] = {"x": length, "y": y, "order": "order:Q", "tooltip": list(tooltip)}
    layers = [_bars(f"datum.source !== '{PUBLISHED}'").encode(color=colour_scale(series), **place)]
    if (rows["source"] == PUBLISHED).any():
        hollow: dict[str, Any] = {
            "fill": alt.value(theme.colour("surface")),
            "stroke": alt.Stroke("name:N", title=None, scale=series_scale(series)),
            "strokeWidth": alt.value(2),
        }
        layers.append(_bars(f"datum.source === '{PUBLISHED}'").encode(**hollow, **place))
    names = alt.Chart().mark_text(
        align="left", baseline="bottom", dy=-1, color=theme.colour("ink"), fontSize=12
    )
    names = names.transform_aggregate(groupby=["bar"])
    layers.append(names.encode(x=alt.value(0), y=y, text="bar:N"))
    chart = alt.LayerChart(data=records(rows), layer=layers)
    return finish(chart, ROW_HEIGHT * rows["bar"].nunique())


def _bars(which: str) -> alt.Chart:
    """Draw bars of some of the rows."""
    bars: alt.Chart = shown(alt.Chart()).mark_bar(height=16, yOffset=10, clip=True)
    return bars.transform_filter(which)
