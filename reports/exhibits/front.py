"""A panel of losses against costs: points, and the line and names of those that no other betters in both."""

from collections.abc import Sequence
from typing import Final

import altair as alt
import pandas as pd

from reports.exhibits import theme
from reports.exhibits.axes import Axes, decades, y_axis
from reports.exhibits.figure import Series, axis_title
from reports.exhibits.layers import CARRIED, Marks, records, shown

SIZE: Final = 42
"""Area of a point, in square pixels."""


def pareto(
    rows: pd.DataFrame, frame: pd.DataFrame, series: Sequence[Series], axes: Axes
) -> alt.LayerChart:
    """Draw a panel.

    Parameters
    ----------
    rows
        The panel's points, each with the ``name`` of its series.
    frame
        The points that the axes must hold.
    series
        The figure's series.
    axes
        How the axes run.
    """
    marks = Marks(_cost_axis(rows, frame), y_axis(rows, frame, axes), series)
    front = on_front(rows)
    line = alt.Chart(records(front[["x", "y"]])).mark_line(
        interpolate="step-after", strokeWidth=1.2, color=theme.colour("muted")
    )
    # Names of all points would lie on each other; a table has them.
    label = shown(alt.Chart(records(front[[*CARRIED, "variant"]]))).mark_text(
        align="left", dx=7, dy=-6, fontSize=10
    )
    return alt.LayerChart(
        layer=[
            line.encode(x=marks.x, y=marks.y),
            *marks.ranges(rows),
            *marks.points(rows, SIZE),
            label.encode(x=marks.x, y=marks.y, color=marks.colour, text="variant:N"),
        ]
    )


def on_front(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the points that no other betters in cost and in loss, by cost; the first of those that are equal."""
    ordered = rows.sort_values(["x", "y"])
    return ordered[
        ordered["y"] < ordered["y"].astype(float).cummin().shift(fill_value=float("inf"))
    ]


def _cost_axis(rows: pd.DataFrame, frame: pd.DataFrame) -> alt.X:
    """Return a logarithmic axis with room for the names of its last points."""
    low, high = float(frame["x"].min()), float(frame["x"].max())
    scale = alt.Scale(type="log", domain=[low / 1.2, high * 2], nice=False, padding=8)
    return alt.X("x:Q", title=axis_title(rows["x_name"]), scale=scale).axis(
        values=decades(low, high), format="~s"
    )
