"""Printed numbers beside ours, a row a paper: how far ours are from these, in units of what each claim allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import altair as alt
import pandas as pd

from reports.exhibits import theme
from reports.exhibits.figure import MEASURED, MODELLED, POINT, Figure, Panel, Series
from reports.exhibits.layers import colour_scale, finish, records, shown

FARTHEST: Final = 30.0
"""What is farther away is drawn here."""

TICKS: Final = (-30, -10, -3, -1, 0, 1, 3, 10, 30)
ROW_HEIGHT: Final = 66
LANES: Final = (0.0, -0.17, 0.17)
"""Where neighbours in a row stand, above and below each other, as shares of its height."""

REMARK: Final = (
    "A number in the band is within what its claim allows; the claim is reproduced if its whole interval is, and all "
    "else that it says holds. What ours never reach has no place here. Where a claim allows any larger number, or any "
    "smaller one, what is better than printed stands at the band’s edge at most; what is more than "
    f"{FARTHEST:g} tolerances away stands at the end."
)


def claim_strip(
    claims: pd.DataFrame, names: Mapping[str, str], tokens: Mapping[str, str]
) -> Figure | None:
    """Draw the claims whose printed number can be compared with ours; None without any.

    Parameters
    ----------
    claims : DataFrame
        Rows of claims.csv, each claim once.
    names : mapping
        What the papers are called, by their ids in the rows.
    tokens : mapping
        Colour's token by verdict.
    """
    points = pd.DataFrame(_points(claims, names))
    if points.empty:
        return None
    verdicts = [verdict for verdict in tokens if verdict in set(points["name"])]
    series = tuple(Series(verdict, tokens[verdict]) for verdict in verdicts)
    rows = list(dict.fromkeys(points["paper"]))
    points["y"] = [rows.index(paper) for paper in points["paper"]]
    points["y"] += _lanes(points)
    chart = alt.LayerChart(layer=_layers(points, rows, colour_scale(series)))
    panel = Panel("", finish(chart, ROW_HEIGHT * len(rows)), _description(points))
    return Figure(series, (panel,), points, REMARK)


def _points(claims: pd.DataFrame, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for _, row in claims[claims["deviation"].notna()].iterrows():
        if row["source"] in (MEASURED, MODELLED) and row["paper"] in names:
            yield {
                "paper": names[str(row["paper"])],
                "id": row["id"],
                "statement": row["statement"],
                "name": row["verdict"],
                "source": row["source"],
                "x": _tolerances(
                    *(float(row[key]) for key in ("published", "ours", "low", "high"))
                ),
                "kind": POINT,
                "oversubscribed": False,
                "mark": None,
            }


def _tolerances(published: float, ours: float, low: float, high: float) -> float:
    """Return how many tolerances ours is above what is published; below, if negative."""
    away = ours - published
    allowed = high - published if away > 0 else published - low
    if away == 0:
        return 0.0
    if allowed == float("inf"):
        other = published - low if away > 0 else high - published
        share = min(abs(away) / other, 1.0) if other > 0 else 1.0
    else:
        share = min(abs(away) / allowed, FARTHEST) if allowed > 0 else FARTHEST
    return share if away > 0 else -share


def _lanes(points: pd.DataFrame) -> pd.Series[float]:
    """Put neighbours of a row into different lanes."""
    order = points.sort_values(["y", "x"]).groupby("y").cumcount()
    return order.map(lambda place: LANES[place % len(LANES)]).reindex(points.index)


def _layers(points: pd.DataFrame, rows: list[str], colour: alt.Color) -> list[alt.Chart]:
    scale = alt.Scale(type="symlog", constant=1, domain=[-FARTHEST, FARTHEST], nice=False)
    x = alt.X("x:Q", title="(ours − printed) ÷ tolerance", scale=scale)
    x = x.axis(values=list(TICKS), format="+~g")
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[len(rows) - 0.5, -0.5], nice=False))
    shape = alt.Shape("source:N", title=None).scale(
        domain=list(theme.SHAPES), range=list(theme.SHAPES.values())
    )
    tooltip = [
        alt.Tooltip("id:N", title="claim"),
        alt.Tooltip("statement:N", title="says"),
        alt.Tooltip("name:N", title="verdict"),
        alt.Tooltip("source:N", title="ours is"),
        alt.Tooltip("x:Q", title="tolerances away", format="+.2~f"),
    ]
    labels = pd.DataFrame({"label": rows, "y": [place - 0.36 for place in range(len(rows))]})
    band = pd.DataFrame({"from": [-1], "to": [1]})
    point = shown(alt.Chart(records(points.drop(columns=["kind", "oversubscribed", "mark"]))))
    return [
        alt.Chart(records(band))
        .mark_rect(color=theme.colour("reproduced"), opacity=0.12)
        .encode(x=alt.X("from:Q", scale=scale), x2="to:Q"),
        alt.Chart(records(labels))
        .mark_text(align="left", fontSize=13, color=theme.colour("ink"))
        .encode(x=alt.value(0), y=y, text="label:N"),
        point.mark_point(
            filled=True, opacity=1, size=58, stroke=theme.colour("surface"), strokeWidth=0.8
        ).encode(x=x, y=y, color=colour, shape=shape, tooltip=tooltip),
    ]


def _description(points: pd.DataFrame) -> str:
    inside = points["x"].abs() <= 1
    said = ["Printed numbers beside ours, in tolerances."]
    for paper, rows in points.groupby("paper", sort=False):
        within = int(inside[rows.index].sum())
        said.append(f"{paper}: {within} of {len(rows)} within what the claim allows.")
    return " ".join(said)
