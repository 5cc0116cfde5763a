"""What a figure shows, in one sentence: what stands above it instead of the names of its axes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reports.exhibits.figure import MEASURED, MODELLED, POINT, Figure, axis_title, in_panel
from reports.exhibits.quantity import missing, quantity

SAME = 0.002
"""Two numbers that differ by a smaller share are called the same."""


def headline(figure: Figure) -> str:
    """Say what the main series of a figure's first panel does, or where all its series end if they run along epochs.

    What rises or falls does so beyond the intervals of the points that are named.

    Parameters
    ----------
    figure
        A figure of exhibits.csv's rows.

    Returns
    -------
    str
        A sentence; empty where no series of ours has two points.
    """
    first, *others = (panel.title for panel in figure.panels)
    for source in (MEASURED, MODELLED):
        lines = _lines(figure, first, source)
        if not lines:
            continue
        if _along_epochs(lines):
            everywhere = [line for title in others for line in _lines(figure, title, source)]
            return f"{_ends([*lines, *everywhere])}."
        # A panel of one metric has its name, which the sentence begins with.
        told = first and first not in {line["y_label"].iloc[0] for line in lines}
        return f"{_course(lines[0])}{f' ({first})' if told else ''}."
    return ""


def _lines(figure: Figure, panel: str, source: str) -> list[pd.DataFrame]:
    """List the series of a panel that have two points or more, each with the panel's title in its rows."""
    rows = in_panel(figure.points, panel)
    rows = rows[(rows["kind"] == POINT) & rows["y"].notna() & (rows["source"] == source)]
    lines = (rows[rows["name"] == series.name].sort_values("x") for series in figure.series)
    return [line.assign(panel=panel) for line in lines if len(line) > 1]


def _along_epochs(lines: list[pd.DataFrame]) -> bool:
    alike = [line for line in lines if line["y_name"].iloc[0] == lines[0]["y_name"].iloc[0]]
    return len(alike) > 1 and lines[0]["x_name"].iloc[0] == "epoch"


def _ends(lines: list[pd.DataFrame]) -> str:
    """Say between which series' ends those of all the others lie."""
    ends = [line.iloc[-1] for line in lines if line["y_name"].iloc[0] == lines[0]["y_name"].iloc[0]]
    low, high = min(ends, key=_y), max(ends, key=_y)
    same = len({end["x"] for end in ends}) == 1
    when = f"After epoch {low['x']:g}" if same else "In the end"
    what = axis_title([low["y_label"]])
    if low["y"] == high["y"]:
        return f"{when} {what} is {_printed(low)} everywhere"
    panels = len({end["panel"] for end in ends}) > 1
    named = [f"{_printed(end)} ({_whose(end, panels)})" for end in (low, high)]
    return f"{when} {what} lies between {named[0]} and {named[1]}"


def _whose(end: pd.Series[Any], panels: bool) -> str:
    """Name a series, with its panel where there are several whose titles do not only name the quantity."""
    told = panels and end["panel"] and end["panel"] != end["y_label"]
    return f"{end['name']}; {end['panel']}" if told else str(end["name"])


def _y(point: pd.Series[Any]) -> float:
    return float(point["y"])


def _course(line: pd.DataFrame) -> str:
    """Say where a series goes: between its ends, by way of a point that is farther than both."""
    first, last = line.iloc[0], line.iloc[-1]
    turn = _turn(line)
    what = axis_title([first["y_label"]]).partition(",")[0]
    whose = "" if first["name"] == what else f" ({first['name']})"
    if turn is not None:
        verb = _verb("rise" if turn["y"] > first["y"] else "fall", what)
        ending = f"{_verb('end', what)} at {_at(last)}"
        return f"{what.capitalize()} {verb} from {_at(first)} to {_at(turn)}, and {ending}{whose}"
    if abs(last["y"] - first["y"]) <= SAME * abs(first["y"]):
        stays = _verb("stay", what)
        return f"{what.capitalize()} {stays} at {_printed(first)} from {_place(first)} to {_place(last)}{whose}"
    if _overlap(first, last):
        differs = _verb("differ", what)
        return f"{what.capitalize()} {differs} by no more than the intervals from {_at(first)} to {_at(last)}{whose}"
    verb = _verb("rise" if last["y"] > first["y"] else "fall", what)
    return f"{what.capitalize()} {verb} from {_at(first)} to {_at(last)}{whose}"


def _turn(line: pd.DataFrame) -> pd.Series[Any] | None:
    """Return the point that is farthest beyond both ends of a series; none if none is by more than `SAME`."""
    ends = (float(line.iloc[0]["y"]), float(line.iloc[-1]["y"]))
    above = line["y"] - max(ends)
    below = min(ends) - line["y"]
    beyond = above.where(above > below, below)
    if beyond.max() <= SAME * max(map(abs, ends)):
        return None
    turn: pd.Series[Any] = line.iloc[int(beyond.to_numpy().argmax())]
    return None if any(_overlap(turn, end) for end in (line.iloc[0], line.iloc[-1])) else turn


def _overlap(one: pd.Series[Any], other: pd.Series[Any]) -> bool:
    """Return whether the intervals of two points have a number in common; points without are sure."""
    ends = [point[end] for point in (one, other) for end in ("lower", "upper")]
    if any(map(missing, ends)):
        return False
    return bool(max(ends[0], ends[2]) <= min(ends[1], ends[3]))


def _verb(verb: str, what: str) -> str:
    """Return a verb as the quantity wants it: epochs rise, accuracy rises."""
    return verb if what.split()[0].endswith("s") else f"{verb}s"


def _at(row: pd.Series[Any]) -> str:
    """Name a point: its value, and where it is."""
    preposition = "at" if row["x_name"] == "epoch" else "with"
    return f"{_printed(row)} {preposition} {_place(row)}"


def _place(row: pd.Series[Any]) -> str:
    along = axis_title([row["x_name"]])
    if row["x_name"] == "epoch":
        return f"epoch {row['x']:g}"
    return f"{row['x']:g} {along.removesuffix('s') if row['x'] == 1 else along}"


def _printed(row: pd.Series[Any]) -> str:
    return quantity(row["y"], "" if missing(row["unit"]) else str(row["unit"]))
