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
"""Claims that a segment must have to have room for its number on a phone; a shorter one has its mark alone."""


def verdict_bars(
    boards: Mapping[str, pd.DataFrame],
    names: Mapping[str, str],
    tokens: Mapping[str, str],
    marks: Mapping[str, str],
) -> Figure:
    """Draw the scoreboard.

    Parameters
    ----------
    boards : mapping of DataFrame
        By what verdicts rest on: claims by paper (rows) and verdict (columns).
    names : mapping
        What the papers are called, by their ids in the rows.
    tokens, marks : mapping
        Colour's token, and the character that stands in its segments, by verdict.

    Returns
    -------
    Figure
        One panel for each of the boards.
    """
    verdicts = list(dict.fromkeys(str(each) for counts in boards.values() for each in counts))
    series = tuple(Series(verdict, tokens[verdict]) for verdict in verdicts)
    points = pd.DataFrame(
        {"panel": nature, **segment}
        for nature, counts in boards.items()
        for segment in _segments(counts, names, marks)
    )
    widest = max(int(counts.sum(axis=1).max()) for counts in boards.values())
    panels = tuple(
        _panel(nature, counts, points, series, widest, names) for nature, counts in boards.items()
    )
    return Figure(series, panels, points)


def _panel(
    nature: str,
    counts: pd.DataFrame,
    points: pd.DataFrame,
    series: Sequence[Series],
    widest: int,
    names: Mapping[str, str],
) -> Panel:
    y = alt.Y("id:N", sort=list(counts.index), axis=None)
    here = points[points["panel"] == nature]
    chart = alt.LayerChart(data=records(here), layer=_layers(series, y, widest))
    sentences = [f"Numbers of claims by verdict, {nature}."]
    for paper, row in counts.iterrows():
        found = ", ".join(f"{count} {verdict}" for verdict, count in row.items() if count)
        sentences.append(f"{names[str(paper)]}: {found}.")
    return Panel(nature, finish(chart, ROW_HEIGHT * max(len(counts), 1)), " ".join(sentences))


def _segments(
    counts: pd.DataFrame, names: Mapping[str, str], marks: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield the segments that have a length."""
    for order, verdict in enumerate(counts.columns):
        for paper in counts.index:
            count = int(counts.loc[paper, verdict])
            if count:
                label = f"{marks[str(verdict)]} {count}" if count >= WIDE else marks[str(verdict)]
                place = {"id": paper, "paper": names[paper], "name": verdict}
                yield {**place, "order": order, "x": count, "label": label}


def _layers(series: Sequence[Series], y: alt.Y, widest: int) -> list[alt.Chart]:
    """Draw bars of counts with the counts in them and, above each, the paper's name.

    There a name has the whole width, on a phone too. All panels have one scale, so that lengths can be compared.
    """
    x = alt.X("x:Q", stack="zero", axis=None).scale(nice=False, domain=[0, widest])
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
    ink = alt.value(theme.colour("page"))
    return [
        bars.encode(
            x=x,
            y=y,
            order="order:Q",
            color=colour_scale(series),
            tooltip=tooltip,
        ),
        numbers.encode(x=middle, y=y, order="order:Q", text="label:N", color=ink),
        names.transform_aggregate(groupby=["id", "paper"]).encode(
            x=alt.value(0), y=y, text="paper:N"
        ),
    ]
