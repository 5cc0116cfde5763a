"""What the work of a method consists of, as bars."""

from collections.abc import Sequence
from typing import Final

import altair as alt
import pandas as pd

from reports.exhibits import theme
from reports.exhibits.bars import stacked
from reports.exhibits.figure import BAR, PUBLISHED, Figure, Panel, Series, axis_title
from reports.exhibits.quantity import quantity

SHARES: Final = {"forward_share": "one", "backward_share": "merged", "other_share": "muted"}
"""Tokens of what one thread's work consists of."""


def work_bars(table: pd.DataFrame) -> Figure:
    """Draw what makes up the work of a method: a bar a method, and beneath it the paper's, hollow."""
    points = table.assign(kind=BAR, name=table["series"], x=table["panel"], x_name="bar", panel="")
    theirs = points["source"] == PUBLISHED
    beneath = points["x"].where(points["x"] == "", points["x"] + ", ") + PUBLISHED
    points["bar"] = points["x"].where(~theirs, beneath)
    points = _in_order(points)
    known = {
        name: SHARES[metric]
        for name, metric in zip(points["name"], points["y_name"], strict=True)
        if metric in SHARES
    }
    tokens = theme.spread(list(dict.fromkeys(points["name"])), known)
    series = [Series(name, token) for name, token in tokens.items()]
    rows = points.assign(order=points["name"].map({name: i for i, name in enumerate(tokens)}))
    remark = "Measured on this machine" + (" with one thread." if known else ".")
    shares = bool((points["unit"] == "fraction").all())
    panel = Panel("", _parts(rows, series, shares), _in_words(points))
    return Figure(tuple(series), (panel,), points, remark)


def _in_order(points: pd.DataFrame) -> pd.DataFrame:
    """Set what is published of a bar beneath it."""
    places = {bar: place for place, bar in enumerate(dict.fromkeys(points["x"]))}
    keys = [points["x"].map(places), points["source"] == PUBLISHED]
    order = pd.concat(keys, axis="columns", keys=["bar", "theirs"])
    return points.loc[order.sort_values(["bar", "theirs"], kind="stable").index]


def _parts(rows: pd.DataFrame, series: Sequence[Series], shares: bool) -> alt.LayerChart:
    title = "share of the work" if shares else f"{axis_title(rows['y_label'])}, seconds"
    number = ".1%" if shares else ".3~g"
    length = alt.X("y:Q", stack="zero", title=title)
    if shares:
        length = length.scale(domain=[0, 1])
    tooltip = [
        alt.Tooltip("bar:N", title="what"),
        alt.Tooltip("name:N", title="part"),
        alt.Tooltip("y:Q", title="share" if shares else "seconds", format=number),
        alt.Tooltip("source:N", title="source"),
    ]
    columns = ["bar", "name", "order", "y", "source"]
    axis = length.axis(format="~%" if shares else "~g", tickCount=5)
    return stacked(rows[columns], series, axis, tooltip)


def _in_words(points: pd.DataFrame) -> str:
    return " ".join(
        f"{bar}: "
        + ", ".join(f"{row['name']} {quantity(row['y'], row['unit'])}" for _, row in own.iterrows())
        + "."
        for bar, own in points.groupby("bar", sort=False)
    )
