"""How far our numbers are from those that a paper prints: a row a printed number, a dot a number of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from reports.exhibits import theme
from reports.exhibits.data_table import matching, place_of
from reports.exhibits.dots import rows_of_dots
from reports.exhibits.figure import (
    MODELLED,
    PUBLISHED,
    VLINE,
    Figure,
    Panel,
    Series,
    in_panel,
    panel_titles,
)
from reports.exhibits.quantity import NONE, PERCENT, quantity

PRINTED: Final = "as printed"
LABELS: Final = {
    True: "ours less the paper’s, in points of a percentage",
    False: "ours less the paper’s, in percent of it",
}
"""What the axis says, by whether the numbers are percentages themselves."""


def difference(figure: Figure) -> Figure | None:
    """Draw how far our numbers of a figure are from those that its paper prints.

    Parameters
    ----------
    figure
        The figure.

    Returns
    -------
    Figure or None
        A panel for percentages, whose difference is in points, and one for other numbers, whose difference is relative;
        None if no printed number has one of ours at its place.
    """
    found = pd.DataFrame(_differences(figure))
    if found.empty:
        return None
    names = [str(name) for name in dict.fromkeys(found["name"])]
    series = [Series(name, token) for name, token in theme.spread(names, {}).items()]
    series.append(Series(PRINTED, "ink", "dash-dotted"))
    panels = []
    for percentages, rows in found.groupby("percentages", sort=False):
        label = LABELS[bool(percentages)]
        order = [str(each) for each in dict.fromkeys(rows["panel"])]
        zero = rows.iloc[:1].assign(name=PRINTED, y=0.0, lower=None, upper=None)
        chart = rows_of_dots(rows.assign(y_label=label), zero, order, series)
        panels.append(Panel("", chart, _in_words(rows, label)))
    return Figure(tuple(series), tuple(panels), found, "Zero is what the paper prints.")


def _differences(figure: Figure) -> Iterator[dict[str, Any]]:
    """Yield a row for each number of ours at the place of a printed one, on the same machine where it has one."""
    points = figure.points
    theirs = points[(points["source"] == PUBLISHED) & (points["kind"] != VLINE)]
    # Nothing is a share of zero.
    theirs = theirs[theirs["unit"].isin(PERCENT) | (theirs["y"].notna() & (theirs["y"] != 0))]
    for title in panel_titles(points):
        panel = in_panel(points, title)
        for _, row in in_panel(theirs, title).iterrows():
            same = matching(row, panel)
            if row["hardware"]:
                same = same[same["hardware"] == row["hardware"]]
            for _, ours in same.iterrows():
                yield _difference(row, ours, title)


def _difference(printed: pd.Series[Any], ours: pd.Series[Any], title: str) -> dict[str, Any]:
    percentages = printed["unit"] in PERCENT
    level = float(printed["y"])

    def away(value: Any) -> float:
        return 100 * (float(value) - level if percentages else float(value) / level - 1)

    what = [str(printed["name"]), place_of(printed)]
    named = [title, str(ours["name"]) if ours["name"] != printed["name"] else ""]
    named.append(MODELLED if ours["source"] == MODELLED else "")
    return {
        "panel": f"{', '.join(each for each in what if each != NONE)}: {quantity(printed['y'], str(printed['unit']))}",
        "name": ", ".join(filter(None, named)) or "ours",
        "percentages": percentages,
        "y": away(ours["y"]),
        "lower": away(ours["lower"]),
        "upper": away(ours["upper"]),
        "unit": "points" if percentages else "%",
        "where": printed["where"],
        "source": ours["source"],
        "kind": ours["kind"],
        # The figure shows which points are hollow or crossed; dots here are neither.
        "oversubscribed": False,
        "mark": "",
    }


def _in_words(rows: pd.DataFrame, label: str) -> str:
    """Say what the chart shows, for readers who do not see it."""
    said = (f"{row['panel']}, {row['name']}: {row['y']:+.3g}" for row in rows.to_dict("records"))
    return f"{label.capitalize()}. {'; '.join(said)}."
