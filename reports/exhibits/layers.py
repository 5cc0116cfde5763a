"""The layers of a panel: intervals, lines, points, the paper's levels, and what lies under them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import pandas as pd

from reports.exhibits import theme
from reports.exhibits.axes import Axes, unit_of, x_axis, y_axis
from reports.exhibits.figure import (
    AUTHORS,
    HLINE,
    MEASURED,
    MODELLED,
    OURS,
    POINT,
    PUBLISHED,
    STROKES,
    VLINE,
    Series,
    axis_title,
)
from reports.exhibits.quantity import as_number, missing
from reports.tables.marks import NOISY

HIDDEN: Final = (
    "hidden"  # the charts' parameter: names of the series and sources that the reader switched off
)
SHOWN: Final = f"indexof({HIDDEN}, datum.name) < 0 && indexof({HIDDEN}, datum.source) < 0"
CARRIED: Final = ("name", "x", "y", "lower", "upper", "source", "seeds", "mark", "where")
MANY: Final = 30  # beyond this many points a line needs no dots to show where it was measured
TRIANGLE: Final = 48  # area of the authors' marks, in square pixels
APART: Final = 10  # of so many points, one shows the shape
CROSS: Final = "M-1,-1L1,1M-1,1L1,-1"


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
    ours, theirs = rows[rows["source"].isin(OURS)], rows[rows["source"] == PUBLISHED]
    authors = rows[rows["source"] == AUTHORS]
    marks = Marks(x_axis(rows, frame, axes), y_axis(rows, frame, axes), series, axes.below > 0)
    few, their_few = (each["x"].nunique() <= MANY for each in (ours, authors))
    size, their_size = 24 if few else 6, TRIANGLE if their_few else 6
    crowded = ours["oversubscribed"].isin([True])
    layers = [
        *marks.band(ours),
        *marks.lines(ours[ours["source"] == MEASURED]),
        *marks.lines(ours[ours["source"] == MODELLED], STROKES["dashed"]),
        *marks.points(ours[~crowded], size),
        *marks.points(ours[crowded], size, hollow=True),
        *marks.crosses(ours[ours["mark"] == NOISY]),
        *marks.lines(authors, STROKES["dotted"]),
        *marks.ranges(authors),
        *marks.points(authors, their_size),
        *marks.points(_sparse(authors), TRIANGLE),
        *marks.levels(theirs),
        *marks.ranges(theirs[theirs["kind"] == POINT]),
        *marks.points(theirs[theirs["kind"] == POINT], size=150, halo=1.5),
    ]
    return alt.LayerChart(layer=layers)


def finish(chart: alt.LayerChart, height: int) -> alt.LayerChart:
    """Give a chart its height, the width of what it is put into, the theme and the parameter that hides series."""
    chart = chart.add_params(alt.param(name=HIDDEN, value=[]))
    chart = chart.properties(width="container", height=height)
    return chart


def shown(chart: alt.Chart) -> alt.Chart:
    """Leave out of a layer the series, and the sources of numbers, that the reader switched off."""
    return chart.transform_filter(SHOWN)


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
    clip
        Whether points may lie outside the axes, and are cut off there.
    """

    x: alt.X
    y: alt.Y
    series: Sequence[Series]
    clip: bool = False

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
        line = _chart(rows).mark_line(strokeWidth=1.9, strokeJoin="round", clip=self.clip)
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
            clip=self.clip and not halo,
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
                rule = _chart(level).mark_rule(strokeDash=STROKES["dash-dotted"], strokeWidth=1.5)
                tooltip = _tooltip(level)
                layers.append(rule.encode(color=self.colour, tooltip=tooltip, **position))
        return layers


def _sparse(rows: pd.DataFrame) -> pd.DataFrame:
    """Return every tenth place of a line with so many that their marks are too small to tell their shape; else none."""
    places = sorted(rows["x"].dropna().unique())
    return rows[rows["x"].isin(places[APART - 1 :: APART] if len(places) > MANY else [])]


def _chart(rows: pd.DataFrame) -> alt.Chart:
    # Each layer needs the filter itself: one around them all would not reach data of their own.
    return shown(alt.Chart(records(rows[list(CARRIED)])))


def _dash(series: Sequence[Series]) -> alt.StrokeDash:
    joined = [entry for entry in series if entry.stroke != "none"]
    names = [entry.name for entry in joined]
    dashes = [STROKES[entry.stroke] for entry in joined]
    return alt.StrokeDash("name:N", title=None, scale=alt.Scale(domain=names, range=dashes))


def _tooltip(rows: pd.DataFrame) -> list[alt.Tooltip]:
    number = ".2%" if unit_of(rows) == "fraction" else ".4~g"
    fields = [
        alt.Tooltip("name:N", title="series"),
        alt.Tooltip("x:Q", title=axis_title(rows["x_name"]), format="~g"),
        alt.Tooltip("y:Q", title=axis_title(rows["y_label"]), format=number),
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
