"""The index's first figure: what each method gains in time, and what that does to its accuracy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import altair as alt
import pandas as pd

from records.overview import OverviewLine
from reports.exhibits.axes import Axes, decades
from reports.exhibits.composition import compose
from reports.exhibits.figure import (
    MEASURED,
    MODELLED,
    OURS,
    POINT,
    PUBLISHED,
    STROKES,
    Figure,
    Series,
    about_models,
)
from reports.exhibits.figure_view import FigureView, figure_view, with_pictures
from reports.exhibits.layers import CARRIED, Marks, records, shown
from reports.exhibits.losses import losses
from reports.exhibits.results import Results
from reports.exhibits.timed_points import epoch_seconds
from reports.pages.paper_tables import PaperTables
from reports.tables.host import HOST

TOKENS: Final = {
    "data, merged once": "other-3",
    "data, merged every epoch": "merged",
    "data, merged every round": "other-2",
    "gradients": "other-4",
    "neurons": "other-1",
    "data, past the papers": "one",
}
"""Colours by what workers share."""

PANELS: Final = {
    MEASURED: "measured here",
    MODELLED: "on the papers’ machines: modelled, and published",
}

BELOW: Final = 13
BESIDE: Final = (0, -BELOW, BELOW)
"""How far a name stands below the end of its line, in pixels."""

REMARK: Final = (
    "A line joins a method’s numbers of workers, from the fewest to the most, which stands beside its end. Speed-ups "
    "are against one worker, accuracies against one network, seed by seed; upright lines are 95 % intervals of three "
    "seeds or more. The panels have scales of their own."
)

SYMMETRIC: Final = 0.5
"""Points of accuracy up to which the axis is about linear; beyond, it is about logarithmic."""


def overview(studies: Sequence[PaperTables]) -> FigureView | None:
    """Return the figure of the lines of all studies; None if none has points."""
    points = overview_points(studies)
    if points.empty:
        return None
    figure = _draw(points)
    return with_pictures(figure_view(figure, _headline(points)), "overview")


def overview_points(studies: Sequence[PaperTables]) -> pd.DataFrame:
    """Return the points of the lines of all studies, a row each, in the manner of ``exhibits.csv``."""
    return pd.DataFrame([row for study in studies for row in _rows(study)])


def _rows(study: PaperTables) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(study.study.overview):
        shared = {
            "line": f"{study.id}-{number}",
            "label": study.name.split(" & ")[0].split(", ")[0],
            "paper": study.name,
            "name": line.shared,
            "series": line.shared,
            "variant": line.variant,
            "kind": POINT,
            "x_name": "speed-up",
            "y_name": "accuracy_change",
            "y_label": "change of accuracy, percentage points",
            "unit": "points",
            "oversubscribed": None,
        }
        ours = [*_ours(study, line)]
        # One worker alone gains and costs nothing: it is no line.
        shown = {point["source"] for point in ours if point["workers"] > 1}
        ours = [point for point in ours if point["source"] in shown]
        for point in (*ours, *_published(line)):
            yield {**dict.fromkeys(CARRIED), **shared, **point}


def _ours(study: PaperTables, line: OverviewLine) -> Iterator[dict[str, Any]]:
    """Yield a point for each number of workers that was trained, and timed or modelled."""
    changes = _changes(study.epochs, line)
    results = Results(study.study, study.epochs, study.timings, {}, study.timings[:0])
    timed = [
        point
        for point in epoch_seconds(line.timing, {HOST, line.hardware}, results)
        if (point["source"] == MEASURED) == (point["hardware"] == HOST)
    ]
    method = line.timed or line.variant
    alone = [point for point in timed if point["variant"] == (line.faster_than or method)]
    # The fewest workers are the last to be put in.
    one = {
        point["hardware"]: point["y"] for point in sorted(alone, key=lambda each: -each["workers"])
    }
    for point in timed:
        change = changes.get(point["workers"])
        if point["variant"] == method and change is not None and point["hardware"] in one:
            yield {
                **change,
                "x": one[point["hardware"]] / point["y"],
                "workers": point["workers"],
                "panel": PANELS[point["source"]],
                "source": point["source"],
                "hardware": point["hardware"],
            }


def _changes(epochs: pd.DataFrame, line: OverviewLine) -> dict[int, dict[str, Any]]:
    """Return the changes of accuracy by number of workers."""
    accuracies = epochs[epochs["metric"] == "test_accuracy"]
    own = (accuracies["experiment"] == line.experiment) & (accuracies["variant"] == line.variant)
    against = line.against or line.variant
    there = accuracies["experiment"] == (line.beside or line.experiment)
    own |= there & (accuracies["variant"] == against)
    found = losses(accuracies[own], against)
    return {
        workers: loss.gained
        for (variant, workers), loss in found.items()
        if variant == line.variant
    }


def _published(line: OverviewLine) -> Iterator[dict[str, Any]]:
    for printed in line.published:
        yield {
            "x": printed.speedup,
            "y": printed.change,
            "workers": printed.workers,
            "panel": PANELS[MODELLED],
            "source": PUBLISHED,
            "where": printed.where,
        }


def _draw(points: pd.DataFrame) -> Figure:
    shared = list(dict.fromkeys(points["name"]))
    series = [Series(name, TOKENS[name]) for name in TOKENS if name in shared]
    figure = compose(points, series, Axes(shared_y=False), draw=_panel)
    return replace(figure, remark=f"{REMARK} {about_models(points)}".strip())


def _panel(
    rows: pd.DataFrame, frame: pd.DataFrame, series: Sequence[Series], axes: Axes
) -> alt.LayerChart:
    marks = Marks(_speedups(frame), _changes_axis(frame), series)
    ours, theirs = rows[rows["source"].isin(OURS)], rows[rows["source"] == PUBLISHED]
    stroke = STROKES["dashed" if (ours["source"] == MODELLED).any() else "solid"]
    path = _chart(ours).mark_line(strokeWidth=1.6, strokeDash=stroke, opacity=0.8)
    return alt.LayerChart(
        layer=[
            *marks.ranges(ours),
            path.encode(
                x=marks.x, y=marks.y, color=marks.colour, order="workers:Q", detail="line:N"
            ),
            *marks.points(ours, size=36),
            *marks.points(theirs, size=110, halo=1.5),
            *_labels(ours, marks),
        ]
    )


def _labels(ours: pd.DataFrame, marks: Marks) -> Iterator[alt.Chart]:
    """Write a study's name beside the end of its line, above, at or below it in turn, since ends may be close.

    The line of what is slower with more workers lies to the right of its end, and the name below it.
    """
    ends = ours.sort_values("workers").drop_duplicates("line", keep="last")
    ends = ends.drop_duplicates("label", keep="last").sort_values("y")
    slower, others = ends[ends["x"] < 1], ends[ends["x"] >= 1]
    turns = [(others.iloc[place :: len(BESIDE)], dy) for place, dy in enumerate(BESIDE)]
    for own, dy in [(slower, BELOW), *turns]:
        if not own.empty:
            own = own.assign(label=own["label"] + ", " + own["workers"].astype(int).astype(str))
            label = _chart(own).mark_text(align="left", dx=8, dy=dy, fontSize=11)
            yield label.encode(x=marks.x, y=marks.y, color=marks.colour, text="label:N")


def _speedups(frame: pd.DataFrame) -> alt.X:
    low, high = float(frame["x"].min()), float(frame["x"].max())
    scale = alt.Scale(type="log", domain=[low / 1.1, high * 4], nice=False)
    title = "speed-up against one worker (faster →)"
    return alt.X("x:Q", title=title, scale=scale).axis(values=decades(low, high), format="~g")


def _changes_axis(frame: pd.DataFrame) -> alt.Y:
    ends = pd.concat([frame["y"], frame["lower"], frame["upper"]]).dropna().astype(float)
    domain = [float(ends.min()) * 1.1, max(float(ends.max()), 0.1) * 1.3]
    scale = alt.Scale(type="symlog", constant=SYMMETRIC, domain=domain, nice=False)
    steps = (1, 2, 5, 10, 20, 50)
    ticks = [*(-step for step in reversed(steps)), 0, *steps]
    ticks = [each for each in ticks if domain[0] <= each <= domain[1]]
    title = "change of accuracy, points (better →)"
    return alt.Y("y:Q", title=title, scale=scale).axis(values=ticks, format="+d")


def _chart(rows: pd.DataFrame) -> alt.Chart:
    return shown(alt.Chart(records(rows[[*CARRIED, "workers", "line", "label"]])))


def _headline(points: pd.DataFrame) -> str:
    """Say what sharing data, and sharing neurons, costs here, and how much faster training gets at no cost."""
    measured = points[points["source"] == MEASURED]
    data = measured[measured["name"].str.startswith("data, merged")]
    neurons = measured[measured["name"] == "neurons"]
    costs, gains = [], [*filter(None, (_at_no_cost(points, source) for source in OURS))]
    if not data.empty and data["y"].min() < 0:
        worst = data.sort_values("y").iloc[0]
        costs.append(
            f"splitting the data costs up to {-worst['y']:.1f} points of accuracy ({_whose(worst)})"
        )
    if not neurons.empty and neurons["x"].min() < 1:
        slowest = neurons.sort_values("x").iloc[0]
        costs.append(
            f"splitting the neurons takes up to {1 / slowest['x']:.2g} times the time of one worker "
            f"({_whose(slowest)})"
        )
    told = [" and ".join(costs)]
    told.append(f"with no accuracy lost, training is up to {' and '.join(gains)}" if gains else "")
    return " ".join(f"{each[0].upper()}{each[1:]}." for each in told if each)


def _at_no_cost(points: pd.DataFrame, source: str) -> str:
    """Say how fast training gets while it is no less accurate; empty if it does not."""
    free = points[(points["source"] == source) & (points["y"] >= 0) & (points["workers"] > 1)]
    if free.empty or free["x"].max() <= 1:
        return ""
    best = free.sort_values("x").iloc[-1]
    where = "here" if source == MEASURED else "on a modelled machine"
    return f"{best['x']:.2g} times as fast {where} ({_whose(best)})"


def _whose(point: pd.Series[Any]) -> str:
    return f"{point['paper']}, {point['workers']:.0f} workers"
