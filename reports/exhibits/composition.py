"""How a figure comes together: its panels on common axes, and what the table does not say of its points."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import altair as alt
import pandas as pd

from reports.exhibits import theme
from reports.exhibits.axes import Axes
from reports.exhibits.figure import (
    HLINE,
    POINT,
    VLINE,
    Figure,
    Panel,
    Series,
    describe,
    in_panel,
    panel_titles,
    spread_of,
)
from reports.exhibits.layers import finish, panel_chart
from reports.exhibits.quantity import missing

FEW: Final = 6  # panels; more of them are drawn lower, to be seen together

PanelChart: TypeAlias = Callable[
    [pd.DataFrame, pd.DataFrame, Sequence[Series], Axes], alt.LayerChart
]
"""Draws a panel: its points, those that the axes must hold, the figure's series and how the axes run."""


def compose(
    points: pd.DataFrame,
    series: Sequence[Series],
    axes: Axes,
    remark: str = "",
    draw: PanelChart = panel_chart,
) -> Figure:
    """Draw every panel of a figure, on common axes where they are shared.

    Parameters
    ----------
    points : DataFrame
        Completed rows of exhibits.csv, each with the ``name`` of its series.
    series : sequence of Series
        The series in the legend's order; what the paper gives another name is added.
    axes : Axes
        How the axes run.
    remark : str, optional
        What to know besides how the points came about.
    draw : callable, optional
        What draws a panel.

    Returns
    -------
    Figure
        The figure with as many panels as there are in the points.
    """
    series = [*series, *_others(points, series)]
    titles = panel_titles(points)
    height = theme.HEIGHT if len(titles) <= FEW else theme.LOW
    panels = []
    for title in titles:
        rows = in_panel(points, title)
        frame = points if axes.shared_y else rows
        chart = finish(draw(rows, frame, series, axes), height)
        panels.append(Panel(title, chart, describe(rows, series)))
    remarks = " ".join(filter(None, [spread_of(points), remark]))
    return Figure(tuple(series), tuple(panels), points, remarks)


def _others(points: pd.DataFrame, series: Sequence[Series]) -> list[Series]:
    """List what the paper gives a name of its own, in the colour of the line it speaks of."""
    tokens = {entry.name: entry.token for entry in series}
    ours = points[points["name"].isin(list(tokens))]
    by_workers = dict(zip(ours["workers"], ours["name"].map(tokens), strict=True))
    others = points[~points["name"].isin(list(tokens))].drop_duplicates("name")
    return [
        Series(name, "muted" if missing(y) else by_workers.get(workers, "muted"), "dash-dotted")
        for name, workers, y in zip(others["name"], others["workers"], others["y"], strict=True)
    ]


def complete(table: pd.DataFrame) -> pd.DataFrame:
    """Say of each row of exhibits.csv whether it is a point or a line, and give columns without values a type."""
    table = table.copy()
    for column in ("x", "y", "lower", "upper", "workers"):
        table[column] = pd.to_numeric(table[column], errors="coerce")
    for column in ("panel", "series", "where", "hardware", "mark"):
        table[column] = table[column].astype(object).fillna("").astype(str)
    table["kind"] = [_kind(x, y) for x, y in zip(table["x"], table["y"], strict=True)]
    return table


def _kind(x: float, y: float) -> str:
    if missing(y):
        return VLINE
    return HLINE if missing(x) else POINT
