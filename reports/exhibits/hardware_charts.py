"""The figures about machines: speed-ups everywhere, models beside what was observed, and where the time goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final

import altair as alt
import pandas as pd

from reports.exhibits import theme
from reports.exhibits.axes import Axes
from reports.exhibits.bars import stacked
from reports.exhibits.columns import COLUMNS
from reports.exhibits.composition import complete, compose
from reports.exhibits.figure import AUTHORS, MEASURED, MODELLED, PUBLISHED, Figure, Panel, Series
from reports.exhibits.quantity import quantity
from reports.exhibits.timed_points import timed_points
from reports.exhibits.variants import Variant, timed_variants
from reports.pages.machine_view import MachineView
from reports.pages.paper_tables import PaperTables
from reports.tables.host import HOST, THIS_MACHINE
from reports.tables.metrics import METRICS
from reports.tables.model_error import METHODS, MODEL, of_left_out_points
from reports.tables.speed import derive
from reports.tables.tidy import table

PARTS: Final = {
    "compute_seconds": "one",
    "wait_seconds": "children",
    "merge_seconds": "merged",
    "dispatch_seconds": "other-1",
}
"""Colours of what time is spent on."""

FITTED: Final = "fitted to all the points"
BLIND: Final = "fitted without the point"
PRINTED: Final = "printed by the paper"
KEPT: Final = "measured by the authors, not printed"


def speedups(papers: Sequence[PaperTables], machines: Sequence[MachineView]) -> Figure | None:
    """Draw every method's speed-up on every machine, one panel a method, one line a machine.

    This machine's is measured, those of the others are modelled. A machine's colour tells its place from the fewest
    cores to the most. A method that has one worker only is left out.
    """
    points = _timed(papers, "speedup", {machine.id: machine.title for machine in machines})
    host = points["hardware"] == HOST
    points = points[host == (points["source"] == MEASURED)]
    points = points[points.groupby("panel")["workers"].transform("max") > 1]
    profiles = [machine.title for machine in machines if machine.id != HOST]
    tokens = dict(zip(profiles, theme.ramp(len(profiles)), strict=True))
    series = [Series(name, token) for name, token in {THIS_MACHINE: "one", **tokens}.items()]
    return _composed(points, series, Axes(x_log=True, y_log=True, shared_y=False))


def published_validation(papers: Sequence[PaperTables], titles: Mapping[str, str]) -> Figure | None:
    """Draw the speed-ups that papers print beside the model's, one panel a machine.

    One line is the model fitted to all points of the paper; the other joins what fits without each point say of it.
    """
    points = _points(
        row
        for paper in papers
        for machine, rows in of_left_out_points(paper.model_error).groupby("machine", sort=False)
        for row in _judged(paper, str(machine), rows, titles)
    )
    series = [Series(FITTED, "one"), Series(BLIND, "merged"), Series(PRINTED, "children")]
    return _composed(points, series, Axes(x_log=True, y_log=True, shared_y=False))


def unseen_validation(papers: Sequence[PaperTables], titles: Mapping[str, str]) -> Figure | None:
    """Draw what authors measured and did not print beside what predicts it, one panel a machine.

    One line is the model fitted to what the paper prints, which is drawn, too; the others are what a model has to beat.
    """
    points = _points(
        {**point, "panel": f"{paper.name}: {titles[point['hardware']]}", "x": point["workers"]}
        for paper in papers
        for point in _unseen(paper.model_error)
    )
    series = [
        Series(METHODS[MODEL], "one"),
        *(
            Series(METHODS[name], token)
            for name, token in (("line", "merged"), ("unfitted", "other-1"))
        ),
        Series(KEPT, "children"),
        Series(PRINTED, "children", "none"),
    ]
    return _composed(points, series, Axes(x_log=True, y_log=True, shared_y=False))


def part_bars(panels: Mapping[str, pd.DataFrame]) -> Figure | None:
    """Draw what time is spent on: one panel a method, one bar a machine.

    Parameters
    ----------
    panels : mapping
        The rows of `reports.exhibits.time_parts.time_parts` by the name of the method.
    """
    series = tuple(Series(METRICS[part].label, token) for part, token in PARTS.items())
    drawn = tuple(
        Panel(name, _bars(rows, series), _shares(rows))
        for name, rows in panels.items()
        if not rows.empty
    )
    return Figure(series, drawn, pd.DataFrame(), _PARTS_REMARK) if drawn else None


_PARTS_REMARK = (
    "All modelled, with as many workers as the machine has cores, or the most below that. "
    "Computing includes taking turns where workers outnumber hardware threads."
)


def _timed(papers: Sequence[PaperTables], metric: str, titles: Mapping[str, str]) -> pd.DataFrame:
    return _points(
        {
            **point,
            "panel": variant.name,
            "name": titles[point["hardware"]],
            "x": point["workers"],
            "y_name": metric,
        }
        for paper in papers
        for variant in timed_variants(paper.study)
        for point in timed_points(_seconds(paper, variant), [metric])
        if point["hardware"] in titles
    )


def _seconds(paper: PaperTables, variant: Variant) -> pd.DataFrame:
    rows = paper.timings[variant.rows(paper.timings)]
    return rows[(rows["metric"] == "seconds") & (rows["status"] == "completed")]


def _judged(
    paper: PaperTables, machine: str, rows: pd.DataFrame, titles: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield a machine's published points, what a fit without each says of it, and the course of the fit to all."""
    variant = Variant("", rows["experiment"].iloc[0], rows["variant"].iloc[0])
    modelled = _seconds(paper, variant)
    modelled = modelled[(modelled["hardware"] == machine) & (modelled["source"] == MODELLED)]
    fit = derive(modelled.set_index("workers")["value"].sort_index(), "speedup")
    curves = {
        (FITTED, MODELLED): fit[fit.index <= rows["workers"].max()],
        (BLIND, MODELLED): rows.set_index("workers")["predicted"],
        (PRINTED, PUBLISHED): rows.set_index("workers")["observed"],
    }
    for (name, source), values in curves.items():
        for workers, value in values.items():
            yield {
                "panel": f"{paper.name}: {titles[machine]}",
                "name": name,
                "hardware": machine,
                "workers": workers,
                "x": workers,
                "y": value,
                "y_name": "speedup",
                "source": source,
            }


def _unseen(errors: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield unseen points with all predictions of them, and the printed points of the same machines."""
    unseen = errors[(errors["against"] == AUTHORS) & (errors["metric"] == "speedup")]
    printed = of_left_out_points(errors)
    printed = printed[printed["machine"].isin(unseen["machine"])]
    for row in [*unseen.to_dict("records"), *printed.to_dict("records")]:
        place = {"hardware": row["machine"], "workers": row["workers"], "y_name": "speedup"}
        observed = {**place, "y": row["observed"]}
        if row["against"] == PUBLISHED:
            yield {**observed, "name": PRINTED, "source": PUBLISHED, "where": row["where"]}
            continue
        name = METHODS[row["method"]]
        yield {**place, "name": name, "y": row["predicted"], "source": MODELLED}
        if row["method"] == MODEL:
            quartiles = {"lower": row["observed_lower"], "upper": row["observed_upper"]}
            yield {**observed, **quartiles, "name": KEPT, "source": AUTHORS}


def _points(rows: Iterator[dict[str, Any]]) -> pd.DataFrame:
    points = table(rows, [*COLUMNS, "name"])
    metrics = points["y_name"].map(METRICS)
    points["unit"] = metrics.map(attrgetter("unit"))
    points["y_label"] = metrics.map(attrgetter("label"))
    return complete(points.assign(x_name="workers", series=points["name"]))


def _composed(points: pd.DataFrame, series: Sequence[Series], axes: Axes) -> Figure | None:
    drawn = set(points["name"])
    known = [entry for entry in series if entry.name in drawn]
    return compose(points, known, axes) if drawn else None


def _bars(rows: pd.DataFrame, series: Sequence[Series]) -> alt.LayerChart:
    share = alt.X("share:Q", stack="zero", title="share of the time").scale(domain=[0, 1])
    tooltip = [
        alt.Tooltip("bar:N", title="machine"),
        alt.Tooltip("name:N", title="part"),
        alt.Tooltip("share:Q", title="share", format=".1%"),
        alt.Tooltip("value:Q", title="seconds", format=".3~g"),
    ]
    rows = rows.assign(bar=rows["machine"], source=MODELLED)
    return stacked(rows, series, share.axis(format="~%", tickCount=5), tooltip)


def _shares(rows: pd.DataFrame) -> str:
    """Say in words what the bars show."""
    sentences = []
    for machine, own in rows.groupby("machine", sort=False):
        parts = own[own["share"] > 0].to_dict("records")
        said = ", ".join(f"{part['name']} {quantity(part['share'], 'fraction')}" for part in parts)
        sentences.append(f"{machine}: {said}.")
    return " ".join(sentences)
