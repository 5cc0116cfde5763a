"""A panel of losses against speed-ups: points that say their workers, joined strategy by strategy."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal

import altair as alt
import pandas as pd

from reports.exhibits.axes import Axes, decades, y_axis
from reports.exhibits.figure import MEASURED, MODELLED, STROKES, Series, axis_title
from reports.exhibits.layers import CARRIED, Marks, records, shown
from reports.tables.marks import NOISY

CORNERS: Final[tuple[tuple[Literal["left", "right"], int, int], ...]] = (
    ("left", 7, -6),
    ("right", -7, 9),
    ("left", 7, 9),
    ("right", -7, -6),
)
"""Alignment of a label and its distance from the point."""

SIZE: Final = 42  # of a point that is no part of a curve


def trade_off(
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
    marks = Marks(_speedup_axis(rows, frame), y_axis(rows, frame, axes), series)
    crowded = rows["oversubscribed"].isin([True])
    return alt.LayerChart(
        layer=[
            *marks.ranges(rows),
            *_paths(rows, marks),
            *marks.points(rows[~crowded], SIZE),
            *marks.points(rows[crowded], SIZE, hollow=True),
            *marks.crosses(rows[rows["mark"] == NOISY]),
            *_labels(rows, marks),
        ]
    )


def _speedup_axis(rows: pd.DataFrame, frame: pd.DataFrame) -> alt.X:
    """Return a logarithmic axis with room for the labels of its last points."""
    low, high = float(frame["x"].min()), float(frame["x"].max())
    scale = alt.Scale(type="log", domain=[low / 1.1, high * 1.3], nice=False, padding=8)
    title = f"{axis_title(rows['x_name'])} against one network"
    return alt.X("x:Q", title=title, scale=scale).axis(values=decades(low, high), format="~g")


def _paths(rows: pd.DataFrame, marks: Marks) -> Iterator[alt.Chart]:
    """Join each strategy's points from the fewest workers to the most."""
    for source, stroke in ((MEASURED, STROKES["solid"]), (MODELLED, STROKES["dashed"])):
        own = rows[rows["source"] == source]
        if not own.empty:
            line = _chart(own).mark_line(strokeWidth=1.4, strokeDash=stroke, opacity=0.6)
            order = alt.Order("workers:Q")
            yield line.encode(x=marks.x, y=marks.y, color=marks.colour, order=order)


def _labels(rows: pd.DataFrame, marks: Marks) -> Iterator[alt.Chart]:
    """Write the workers beside each point: at another corner for each of four strategies, whose points may be close."""
    for place, (align, dx, dy) in enumerate(CORNERS):
        names = [entry.name for entry in marks.series[place :: len(CORNERS)]]
        own = rows[rows["name"].isin(names)]
        if not own.empty:
            label = _chart(own).mark_text(align=align, dx=dx, dy=dy, fontSize=11)
            yield label.encode(x=marks.x, y=marks.y, color=marks.colour, text="workers:Q")


def _chart(rows: pd.DataFrame) -> alt.Chart:
    return shown(alt.Chart(records(rows[[*CARRIED, "workers"]])))
