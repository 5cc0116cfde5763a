"""The axes of a panel: their scales, the numbers on them, and their titles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import altair as alt
import pandas as pd

from reports.exhibits.figure import axis_title

LABELS: Final = 8  # as many numbers fit below a panel
UNITS: Final = {"s": ", seconds", "µs": ", µs"}
"""What the title of an axis says of its unit."""


@dataclass(frozen=True)
class Axes:
    """How the axes of a figure run.

    Attributes
    ----------
    x_log, y_log
        Whether they are logarithmic.
    shared_y
        Whether all panels have the same vertical axis.
    below
        The share of the points that may lie below the vertical axis, where the rest are too close
        together to be told apart otherwise.
    y_title
        Name of the vertical axis, where the names of its quantities do not make one.
    """

    x_log: bool = False
    y_log: bool = False
    shared_y: bool = True
    below: float = 0.0
    y_title: str = ""


def x_axis(rows: pd.DataFrame, frame: pd.DataFrame, axes: Axes) -> alt.X:
    """Return the horizontal axis of a panel, which holds the points of a frame."""
    values = [float(x) for x in sorted(frame["x"].dropna().unique())]
    title = axis_title(rows["x_name"])
    domain = [values[0], values[-1]] if values else [1.0, 2.0]
    if axes.x_log:
        scale = alt.Scale(type="log", base=2, domain=domain, nice=False, padding=8)
        return alt.X("x:Q", title=title, scale=scale).axis(values=_ticks(values), format="d")
    scale = alt.Scale(domain=domain, nice=False, zero=False, padding=8)
    return alt.X("x:Q", title=title, scale=scale).axis(format="d", tickMinStep=1, tickCount=6)


def _ticks(values: Sequence[float]) -> list[float]:
    """Return the places to label on a logarithmic axis: all, or if they are too many, doublings and the last."""
    if len(values) <= LABELS:
        return list(values)
    return [value for value in values if math.log2(value).is_integer() or value == values[-1]]


def y_axis(rows: pd.DataFrame, frame: pd.DataFrame, axes: Axes) -> alt.Y:
    """Return the vertical axis of a panel, which holds the points of a frame."""
    unit = unit_of(rows)
    title = axes.y_title or _y_title(rows, unit)
    domain = _y_domain(frame, axes.below, unit)
    y = alt.Y("y:Q", title=title)
    if axes.y_log:
        scale = alt.Scale(type="log", domain=[domain[0] / 1.15, domain[1] * 1.15], nice=False)
        return y.scale(scale).axis(format="~g", values=decades(*domain))
    scale = alt.Scale(domain=domain, nice=True, zero=False)
    return y.scale(scale).axis(format="~%" if unit == "fraction" else "~g", tickCount=6)


def _y_title(rows: pd.DataFrame, unit: str) -> str:
    """Name what a panel shows; of several metrics, the name that begins all of theirs, or the unit."""
    labels = [str(label) for label in rows["y_label"].dropna().unique()]
    common = min(labels, key=len, default="")
    if all(label.startswith(common) for label in labels):
        labels = [common]
    elif len(labels) > 2:
        return "share" if unit == "fraction" else unit
    return axis_title(labels) + UNITS.get(unit, "")


def _y_domain(frame: pd.DataFrame, below: float, unit: str) -> list[float]:
    """Hold all points and intervals, but of a fraction's intervals nothing that cannot be.

    A saving is a fraction that can be: below zero, it is a loss, and its points are held like any others.
    """
    low = float(frame["y"].quantile(below)) if below else -math.inf
    seen = frame[frame["y"] >= low]
    values = pd.concat([seen["y"], seen["lower"], seen["upper"]]).dropna()
    if values.empty:
        return [0.1, 1.0]
    if unit == "fraction":
        values = values.clip(min(0.0, seen["y"].min()), max(1.0, seen["y"].max()))
    return [max(float(values.min()), low), float(values.max())]


def decades(low: float, high: float) -> list[float]:
    """Return the round numbers from just below the data to just above, the fewer the farther these are apart."""
    digits = (1, 2, 3, 5, 7) if high < 30 * low else (1, 3) if high < 1000 * low else (1,)
    steps = [float(f"{digit}e{power}") for power in range(-6, 7) for digit in digits]
    return [step for step in steps if low / 1.15 <= step <= high * 1.15]


def unit_of(rows: pd.DataFrame) -> str:
    """Return the unit of rows: the first where there are several, empty where there is none."""
    units = [str(unit) for unit in rows["unit"].dropna().unique() if unit]
    return units[0] if units else ""
