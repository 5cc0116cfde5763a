"""The layers of a panel: intervals, lines, points, the paper's levels, and what lies under them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import pandas as pd

from reports.exhibits import theme
from reports.exhibits.figure import (
    HLINE,
    MEASURED,
    MODELLED,
    POINT,
    PUBLISHED,
    STROKES,
    VLINE,
    Series,
    axis_title,
)
from reports.exhibits.quantity import as_number, missing
from reports.tables.marks import NOISY

HIDDEN: Final = "hidden"  # the charts' parameter: names of the series that the reader switched off
CARRIED: Final = ("name", "x", "y", "lower", "upper", "source", "seeds", "mark", "where")
MANY: Final = 30  # beyond this many points a line needs no dots to show where it was measured
LABELS: Final = 8  # as many numbers fit below a panel
CROSS: Final = "M-1,-1L1,1M-1,1L1,-1"


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


def panel_chart(
    rows: pd.DataFrame, frame: pd.DataFrame, series: Sequence[Series], axes: Axes
) -> alt.LayerChart:
    """Draw one panel.

    Parameters
    ----------
    rows : DataFrame
        The points of the panel.
    frame : DataFrame
        The points that the axes must hold: those of all the panels that share them.
    series : sequence of Series
        The figure's series.
    axes : Axes
        How the axes run.

    Returns
    -------
    LayerChart
        The panel, to be finished.
    """
    ours, theirs = rows[rows["source"] != PUBLISHED], rows[rows["source"] == PUBLISHED]
    marks = Marks(_x_axis(rows, frame, axes), y_axis(rows, frame, axes), series)
    size = 24 if ours["x"].nunique() <= MANY else 6
    crowded = ours["oversubscribed"].isin([True])
    layers = [
        *marks.band(ours),
        *marks.lines(ours[ours["source"] == MEASURED]),
        *marks.lines(ours[ours["source"] == MODELLED], STROKES["dashed"]),
        *marks.points(ours[~crowded], size),
        *marks.points(ours[crowded], size, hollow=True),
        *marks.crosses(ours[ours["mark"] == NOISY]),
        *marks.levels(theirs),
        *marks.ranges(theirs[theirs["kind"] == POINT]),
        *marks.points(theirs[theirs["kind"] == POINT], size=150, halo=1.5),
    ]
    return alt.LayerChart(layer=layers)


def finish(chart: alt.LayerChart, height: int) -> alt.LayerChart:
    """Give a chart its height, the width of what it is put into, the theme and the parameter that hides series."""
    chart = chart.add_params(alt.param(name=HIDDEN, value=[]))
    chart = chart.properties(width="container", height=height)
    chart.config = alt.Config.from_dict(theme.chart_configuration())
    return chart


def shown(chart: alt.Chart) -> alt.Chart:
    """Leave out of a layer the series that the reader switched off."""
    return chart.transform_filter(f"indexof({HIDDEN}, datum.name) < 0")


def colour_scale(series: Sequence[Series]) -> alt.Color:
    """Give each series the colour of its token."""
    return alt.Color("name:N", title=None, scale=series_scale(series))


def series_scale(series: Sequence[Series]) -> alt.Scale:
    """Return the scale from the names of series to their colours."""
    names = [entry.name for entry in series]
    return alt.Scale(domain=names, range=[theme.colour(entry.token) for entry in series])


def records(rows: pd.DataFrame) -> alt.InlineData:
    """Turn rows into what a chart carries: six significant digits, and no empty cells."""
    values = [
        {str(key): _compact(value) for key, value in row.items() if not missing(value)}
        for row in rows.to_dict("records")
    ]
    return alt.InlineData(values=values)


def _compact(value: Any) -> Any:
    number = None if isinstance(value, str | bool) else as_number(value)
    return value if number is None else float(f"{number:.6g}")


@dataclass(frozen=True)
class Marks:
    """The layers that share the axes and the series of a panel; none where there are no rows.

    Attributes
    ----------
    x, y
        The axes.
    series
        The figure's series.
    """

    x: alt.X
    y: alt.Y
    series: Sequence[Series]

    @property
    def colour(self) -> alt.Color:
        """Give each series its colour."""
        return colour_scale(self.series)

    def band(self, rows: pd.DataFrame) -> list[alt.Chart]:
        """Shade the intervals."""
        if not (rows["lower"] < rows["upper"]).any():
            return []
        area = _chart(rows).mark_area(opacity=0.13, clip=True)
        area = area.transform_filter("isValid(datum.lower)")
        lower = self.y.copy()
        lower.shorthand = "lower:Q"
        return [area.encode(x=self.x, y=lower, y2="upper:Q", color=self.colour)]

    def lines(self, rows: pd.DataFrame, dash: Sequence[int] = ()) -> list[alt.Chart]:
        """Join the points of each series, with a dash of their own or that of the series."""
        if rows.empty:
            return []
        line = _chart(rows).mark_line(strokeWidth=1.9, strokeJoin="round", clip=True)
        stroke = alt.StrokeDashValue(list(dash)) if dash else _dash(self.series)
        return [line.encode(x=self.x, y=self.y, color=self.colour, strokeDash=stroke)]

    def points(
        self, rows: pd.DataFrame, size: int, halo: float = 0.0, hollow: bool = False
    ) -> list[alt.Chart]:
        """Mark each point with the shape of its source."""
        if rows.empty:
            return []
        surface = theme.colour("surface")
        point = _chart(rows).mark_point(
            filled=not hollow,
            opacity=1,
            size=size,
            strokeWidth=1.5 if hollow else halo,
            clip=not halo,
            fill=surface if hollow else alt.Undefined,
            stroke=alt.Undefined if hollow else surface,
        )
        shape = alt.Shape("source:N", title=None).scale(
            domain=list(theme.SHAPES), range=list(theme.SHAPES.values())
        )
        tooltip = _tooltip(rows)
        return [point.encode(x=self.x, y=self.y, color=self.colour, shape=shape, tooltip=tooltip)]

    def crosses(self, rows: pd.DataFrame) -> list[alt.Chart]:
        """Cross out what was measured while other programs ran."""
        if rows.empty:
            return []
        cross = _chart(rows).mark_point(shape=CROSS, size=60, strokeWidth=1.5, opacity=1)
        return [cross.encode(x=self.x, y=self.y, color=self.colour, tooltip=_tooltip(rows))]

    def ranges(self, rows: pd.DataFrame) -> list[alt.Chart]:
        """Rule from the lower to the upper end: of what the paper prints beside a point, or of an interval."""
        rows = rows[rows["lower"] < rows["upper"]]
        if rows.empty:
            return []
        lower = self.y.copy()
        lower.shorthand = "lower:Q"
        rule = _chart(rows).mark_rule(strokeWidth=2)
        return [rule.encode(x=self.x, y=lower, y2="upper:Q", color=self.colour)]

    def levels(self, rows: pd.DataFrame) -> list[alt.Chart]:
        """Rule the values that the paper gives without a place on the other axis."""
        positions: dict[str, dict[str, Any]] = {HLINE: {"y": self.y}, VLINE: {"x": self.x}}
        layers = []
        for kind, position in positions.items():
            level = rows[rows["kind"] == kind]
            if not level.empty:
                rule = _chart(level).mark_rule(strokeDash=STROKES["dotted"], strokeWidth=1.5)
                tooltip = _tooltip(level)
                layers.append(rule.encode(color=self.colour, tooltip=tooltip, **position))
        return layers


def _chart(rows: pd.DataFrame) -> alt.Chart:
    # Each layer needs the filter itself: one around them all would not reach data of their own.
    return shown(alt.Chart(records(rows[list(CARRIED)])))


def _x_axis(rows: pd.DataFrame, frame: pd.DataFrame, axes: Axes) -> alt.X:
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
    unit = _unit(rows)
    title = axes.y_title or axis_title(rows["y_name"]) + (", seconds" if unit == "s" else "")
    domain = _y_domain(frame, axes.below, unit)
    y = alt.Y("y:Q", title=title)
    if axes.y_log:
        scale = alt.Scale(type="log", domain=[domain[0] / 1.15, domain[1] * 1.15], nice=False)
        return y.scale(scale).axis(format="~g", values=decades(*domain))
    scale = alt.Scale(domain=domain, nice=True, zero=False)
    return y.scale(scale).axis(format="~%" if unit == "fraction" else "~g", tickCount=6)


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


def _unit(rows: pd.DataFrame) -> str:
    units = [str(unit) for unit in rows["unit"].dropna().unique() if unit]
    return units[0] if units else ""


def _dash(series: Sequence[Series]) -> alt.StrokeDash:
    joined = [entry for entry in series if entry.stroke != "none"]
    names = [entry.name for entry in joined]
    dashes = [STROKES[entry.stroke] for entry in joined]
    return alt.StrokeDash("name:N", title=None, scale=alt.Scale(domain=names, range=dashes))


def _tooltip(rows: pd.DataFrame) -> list[alt.Tooltip]:
    number = ".2%" if _unit(rows) == "fraction" else ".4~g"
    fields = [
        alt.Tooltip("name:N", title="series"),
        alt.Tooltip("x:Q", title=axis_title(rows["x_name"]), format="~g"),
        alt.Tooltip("y:Q", title=axis_title(rows["y_name"]), format=number),
    ]
    if rows["lower"].notna().any():
        fields += [alt.Tooltip(f"{end}:Q", title=end, format=number) for end in ("lower", "upper")]
    if rows["seeds"].notna().any():
        fields.append(alt.Tooltip("seeds:N", title="seeds"))
    fields.append(alt.Tooltip("source:N", title="source"))
    if (rows["mark"] != "").any():
        fields.append(alt.Tooltip("mark:N", title="mark"))
    if (rows["where"] != "").any():
        fields.append(alt.Tooltip("where:N", title="where"))
    return fields
