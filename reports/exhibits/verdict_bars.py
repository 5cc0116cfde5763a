"""The scoreboard as a figure: one bar a paper, one segment a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import altair as alt
import pandas as pd

from reports.exhibits import theme
from reports.exhibits.bars import ROW_HEIGHT
from reports.exhibits.figure import Figure, Panel, Series
from reports.exhibits.layers import colour_scale, finish, records, shown

WIDE: Final = 3
"""Claims that a segment must have to have room for its number on a phone; the table beneath has all."""

PALE: Final = 0.3
"""Opacity of a segment that rests on modelled times."""


def verdict_bars(
    counts: pd.DataFrame,
    modelled: pd.DataFrame,
    names: Mapping[str, str],
    tokens: Mapping[str, str],
) -> Figure:
    """Draw the scoreboard.

    Parameters
    ----------
    counts : DataFrame
        Claims by paper (rows) and verdict (columns).
    modelled : DataFrame
        Those of them that rest on modelled numbers, with the same rows and columns; they are pale.
    names : mapping
        What the papers are called, by their ids in the rows.
    tokens : mapping
        Colour's token by verdict.

    Returns
    -------
    Figure
        One panel.
    """
    series = tuple(Series(str(verdict), tokens[verdict]) for verdict in counts.columns)
    points = pd.DataFrame(_segments(counts, modelled, names))
    y = alt.Y("id:N", sort=list(counts.index), axis=None)
    chart = alt.LayerChart(data=records(points), layer=_layers(series, y))
    chart = finish(chart, ROW_HEIGHT * max(len(counts), 1))
    sentences = [
        f"{names[str(paper)]}: "
        + ", ".join(f"{count} {verdict}" for verdict, count in row.items())
        + "."
        for paper, row in counts.iterrows()
    ]
    remark = "Pale: verdicts that rest on modelled times." if modelled.to_numpy().any() else ""
    return Figure(series, (Panel("", chart, " ".join(sentences)),), points, remark)


def _segments(
    counts: pd.DataFrame, modelled: pd.DataFrame, names: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield the segments that have a length: of each verdict what rests on no model, then what does."""
    for order, verdict in enumerate(counts.columns):
        for paper in counts.index:
            length = int(modelled.loc[paper, verdict])
            lengths = (int(counts.loc[paper, verdict]) - length, length)
            for pale, x in enumerate(lengths):
                if x:
                    place = {"id": paper, "paper": names[paper], "name": verdict}
                    place["order"] = 2 * order + pale
                    yield {**place, "x": x, "pale": pale}


def _layers(series: Sequence[Series], y: alt.Y) -> list[alt.Chart]:
    """Draw bars of counts with the counts in them and, above each, the paper's name.

    There a name has the whole width, on a phone too.
    """
    x = alt.X("x:Q", stack="zero", axis=None).scale(nice=False)
    middle = alt.X("x:Q", stack="zero", bandPosition=0.5)
    bars = shown(alt.Chart()).mark_bar(
        height=24, yOffset=9, stroke=theme.colour("surface"), strokeWidth=1.5
    )
    numbers = shown(alt.Chart()).mark_text(dy=9, fontSize=12, fontWeight=600)
    names = alt.Chart().mark_text(
        align="left", baseline="bottom", dy=-8, color=theme.colour("ink"), fontSize=13
    )
    tooltip = [
        alt.Tooltip("paper:N", title="paper"),
        alt.Tooltip("name:N", title="verdict"),
        alt.Tooltip("x:Q", title="claims"),
    ]
    is_pale = alt.datum.pale == 1
    opacity = alt.condition(is_pale, alt.value(PALE), alt.value(1))
    ink = alt.condition(is_pale, alt.value(theme.colour("ink")), alt.value(theme.colour("page")))
    wide = alt.condition(alt.datum.x >= WIDE, alt.Text("x:Q"), alt.value(""))
    return [
        bars.encode(
            x=x,
            y=y,
            order="order:Q",
            color=colour_scale(series),
            fillOpacity=opacity,
            tooltip=tooltip,
        ),
        numbers.encode(x=middle, y=y, order="order:Q", text=wide, color=ink),
        names.transform_aggregate(groupby=["id", "paper"]).encode(
            x=alt.value(0), y=y, text="paper:N"
        ),
    ]
