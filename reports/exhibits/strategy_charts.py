"""The figures that set strategies side by side: what they learn, how fast, and what their speed costs.

A strategy has one colour everywhere: see `reports.exhibits.theme.STRATEGIES`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal

import altair as alt
import pandas as pd

from reports.exhibits import theme
from reports.exhibits.composition import compose
from reports.exhibits.figure import (
    MEASURED,
    MODELLED,
    STROKES,
    Figure,
    Series,
    about_models,
    axis_title,
    spread_of,
)
from reports.exhibits.layers import CARRIED, Axes, Marks, decades, records, shown, y_axis
from reports.exhibits.quantity import quantity
from reports.tables.intervals import ENOUGH
from reports.tables.marks import NOISY

CORNERS: Final[tuple[tuple[Literal["left", "right"], int, int], ...]] = (
    ("left", 7, -6),
    ("right", -7, 9),
    ("left", 7, 9),
    ("right", -7, -6),
)
"""Alignment of a label and its distance from the point."""

SIZE: Final = 42  # of a point that is no part of a curve


def accuracy_of_strategies(table: pd.DataFrame) -> Figure:
    """Draw accuracy against epochs, one line a strategy; epoch 0, the untrained network, is left out."""
    points = table[table["x"] >= 1]
    remark = "Epoch 0, the untrained network, is left out."
    return compose(points.assign(name=points["series"]), _by_strategy(points), Axes(), remark)


def time_to_accuracy(table: pd.DataFrame) -> Figure:
    """Draw the epochs and the seconds to an accuracy against workers, one line a strategy; both axes are logarithmic.

    What was never reached has no point, and is named.
    """
    points = table.assign(name=table["series"])
    reached = points[points["y"].notna()]
    axes = Axes(x_log=True, y_log=True, shared_y=False)
    figure = compose(reached, _by_strategy(points), axes)
    # Epochs are whole and have no band; how seconds scatter is the repeats' to say.
    remarks = (spread_of(points[points["unit"] == "s"]), _not_reached(points))
    return replace(figure, points=points, remark=" ".join(filter(None, remarks)))


def accuracy_lost(table: pd.DataFrame) -> Figure:
    """Draw the accuracy that is lost against the speed-up, a colour a strategy; a point says its workers."""
    points = table.assign(name=table["series"])
    figure = compose(points, _by_strategy(points), Axes(), draw=_trade_off)
    # The table behind the figure has a row for each number of workers, as those of the other figures.
    notes = [f"{quantity(speedup, '×')} as fast" for speedup in points["x"]]
    by_workers = points.assign(x=points["workers"], x_name="workers", note=notes)
    return replace(figure, points=by_workers, remark=_about_losses(points))


def _by_strategy(table: pd.DataFrame) -> list[Series]:
    named = table.drop_duplicates("series")
    tokens = theme.spread([str(variant) for variant in named["variant"]], theme.STRATEGIES)
    return [
        Series(str(name), tokens[str(variant)])
        for name, variant in zip(named["series"], named["variant"], strict=True)
    ]


def _not_reached(points: pd.DataFrame) -> str:
    """Name what never came by the accuracy, each strategy with its numbers of workers."""
    missed = points[points["y"].isna()].groupby("name", sort=False)["workers"]
    named = [
        f"{name} with {' and '.join(f'{count:g}' for count in sorted(set(counts)))}"
        for name, counts in missed
    ]
    return f"Not reached: {'; '.join(named)} workers." if named else ""


def _about_losses(points: pd.DataFrame) -> str:
    """Say what points and lines are."""
    seeds = sorted({int(float(count)) for count in points["seeds"].dropna()})
    counts = " or ".join(map(str, seeds))
    losses = (
        f"Losses are means over {counts} seeds" if seeds != [1] else "Losses are those of one seed"
    )
    upright = ", the upright lines their 95 % intervals" if seeds and seeds[-1] >= ENOUGH else ""
    joined = "A line joins a strategy's points from the fewest workers to the most."
    return " ".join(filter(None, [f"{losses}{upright}.", about_models(points), joined]))


def _trade_off(
    rows: pd.DataFrame, frame: pd.DataFrame, series: Sequence[Series], axes: Axes
) -> alt.LayerChart:
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
