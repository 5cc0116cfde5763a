"""Models and machines at a glance: predicted against measured seconds, best speed-ups, and efficiency by load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import altair as alt
import pandas as pd

from reports.exhibits import theme
from reports.exhibits.axes import decades
from reports.exhibits.figure import MEASURED, MODELLED, POINT, PUBLISHED, Figure, Panel, Series
from reports.exhibits.layers import CROSS, colour_scale, finish, records, shown
from reports.exhibits.quantity import percent
from reports.exhibits.variants import Variant, timed_variants
from reports.pages.machine_view import MachineView
from reports.pages.paper_tables import PaperTables
from reports.tables.host import HOST, THIS_MACHINE
from reports.tables.model_error import of_left_out_points

BANDS: Final = (0.25, 0.1)
"""Shares by which a prediction may be off, each a band around the diagonal."""

TOLERATED: Final = 0.25
"""Median blind error above which a cell of the map is hatched."""

HATCH: Final = (
    "M-1,-0.4L-0.4,-1M-1,0.2L0.2,-1M-1,0.8L0.8,-1M-0.8,1L1,-0.8M-0.2,1L1,-0.2M0.4,1L1,0.4"
)
CELL: Final = 34
OTHERS: Final = "other machines, modelled"
OWN: Final = "this machine, measured"


def agreement(errors: pd.DataFrame, names: Mapping[str, str]) -> Figure | None:
    """Draw modelled against measured seconds on this machine, a dot a timing and a colour a strategy.

    Parameters
    ----------
    errors : DataFrame
        Rows of model_error.csv against this machine, each with whether it is ``quiet``.
    names : mapping
        What the papers are called, by their ids.
    """
    if errors.empty:
        return None
    points = pd.DataFrame(
        {
            "name": errors["strategy"],
            "x": errors["observed"],
            "y": errors["predicted"],
            "method": errors["paper"].map(names) + ": " + errors["variant"],
            "workers": errors["workers"],
            "off": errors["relative_error"],
            "mark": ["" if quiet else "noisy" for quiet in errors["quiet"]],
        }
    )
    tokens = theme.spread(list(dict.fromkeys(points["name"])), {})
    series = [Series(name, token, "none") for name, token in tokens.items()]
    ends = [
        float(points[["x", "y"]].min().min()) / 1.3,
        float(points[["x", "y"]].max().max()) * 1.3,
    ]
    chart = alt.LayerChart(layer=[*_bands(ends), *_dots(points, series, ends)])
    inside = {band: float((points["off"].abs() <= band).mean()) for band in BANDS}
    said = (
        f"Modelled against measured seconds of {len(points)} timings: "
        + " and ".join(f"{percent(inside[band])} within {percent(band)}" for band in BANDS)
        + "."
    )
    remark = (
        "On the diagonal, the model is right; the bands are 10 and 25 % around it. Crosses are timings during "
        "which, or during whose calibration, other programs ran."
    )
    panel = Panel("", finish(chart, theme.HEIGHT + 80), said)
    drawn = points.assign(kind=POINT, source=MODELLED, oversubscribed=False)
    return Figure(tuple(series), (panel,), drawn, remark)


def _bands(ends: list[float]) -> Iterator[alt.Chart]:
    x, y = _seconds("x", "measured seconds", ends), _seconds("low", "modelled seconds", ends)
    for band in BANDS:
        edge = pd.DataFrame({"x": ends, "low": ends, "high": ends})
        edge["low"] *= 1 - band
        edge["high"] *= 1 + band
        area = alt.Chart(records(edge)).mark_area(
            color=theme.colour("muted"), opacity=0.13, clip=True
        )
        yield area.encode(x=x, y=y, y2="high:Q")


def _dots(points: pd.DataFrame, series: Sequence[Series], ends: list[float]) -> Iterator[alt.Chart]:
    place = {
        "x": _seconds("x", "measured seconds", ends),
        "y": _seconds("y", "modelled seconds", ends),
        "color": colour_scale(series),
        "tooltip": [
            alt.Tooltip("method:N", title="method"),
            alt.Tooltip("workers:Q", title="workers"),
            alt.Tooltip("x:Q", title="measured, s", format=".3~g"),
            alt.Tooltip("y:Q", title="modelled, s", format=".3~g"),
            alt.Tooltip("off:Q", title="error", format="+.1%"),
        ],
    }
    quiet = points[points["mark"] == ""]
    if not quiet.empty:
        dot = shown(alt.Chart(records(quiet)))
        yield dot.mark_point(filled=True, opacity=0.85, size=40).encode(**place)
    noisy = points[points["mark"] != ""]
    if not noisy.empty:
        cross = shown(alt.Chart(records(noisy)))
        yield cross.mark_point(shape=CROSS, size=40, strokeWidth=1.5, opacity=1).encode(**place)


def _seconds(column: str, title: str, ends: list[float]) -> Any:
    scale = alt.Scale(type="log", domain=ends, nice=False)
    channel = alt.X if column == "x" else alt.Y
    return channel(f"{column}:Q", title=title, scale=scale).axis(values=decades(*ends), format="~g")


def best_speedups(
    papers: Sequence[PaperTables], machines: Sequence[MachineView], errors: pd.DataFrame
) -> Figure | None:
    """Draw the best speed-up of each method on each machine, hatched where the models are too far off, or untested.

    Parameters
    ----------
    papers
        The papers with their tables.
    machines
        The machines, this one first.
    errors
        Rows of model_error.csv against this machine, each with whether it is ``quiet``.
    """
    points = pd.DataFrame(
        row
        for paper in papers
        for variant in timed_variants(paper.study)
        for row in _cells(paper, variant, machines, errors)
    )
    if points.empty:
        return None
    rows = list(dict.fromkeys(points["name"]))
    columns = [machine.title for machine in machines]
    x = alt.X("machine:N", sort=columns, title=None).axis(
        orient="top", labelAngle=-35, labelLimit=150, labelAlign="left", ticks=False, domain=False
    )
    y = alt.Y("name:N", sort=rows, title=None).axis(labelLimit=330, ticks=False)
    # Colours of the page cannot be blended: the more opaque, the faster.
    shades = alt.Scale(type="log", range=[0.06, 0.8])
    base = alt.Chart(records(points))
    tooltip = [
        alt.Tooltip("name:N", title="method"),
        alt.Tooltip("machine:N", title="machine"),
        alt.Tooltip("y:Q", title="best speed-up", format=".3~g"),
        alt.Tooltip("workers:Q", title="with workers"),
        alt.Tooltip("source:N", title="it is"),
        alt.Tooltip("error:N", title="median blind error"),
    ]
    cells = base.mark_rect(
        color=theme.colour("one"), stroke=theme.colour("surface"), strokeWidth=2
    ).encode(x=x, y=y, opacity=alt.Opacity("y:Q", scale=shades, legend=None), tooltip=tooltip)
    hatched = base.transform_filter("datum.hatched").mark_point(
        shape=HATCH, size=CELL * 22, strokeWidth=1, opacity=0.55, color=theme.colour("muted")
    )
    numbers = base.mark_text(fontSize=12, color=theme.colour("ink")).encode(
        x=x, y=y, text=alt.Text("y:Q", format=".2~g")
    )
    chart = alt.LayerChart(layer=[cells, hatched.encode(x=x, y=y), numbers])
    remark = (
        "Times as fast as one worker of the same method, with the best number of workers. Hatched where the model of "
        f"that method is off by more than {percent(TOLERATED)} in its blind tests (median), or has none."
    )
    # Without sources: nothing of the map can be switched off.
    panel = Panel("", finish(chart, CELL * len(rows)), _told(points))
    return Figure((), (panel,), points.drop(columns="source"), remark)


def _cells(
    paper: PaperTables, variant: Variant, machines: Sequence[MachineView], errors: pd.DataFrame
) -> Iterator[dict[str, Any]]:
    own = paper.scaling[variant.rows(paper.scaling)]
    speedups = own[own["metric"] == "speedup"]
    for machine in machines:
        source = MEASURED if machine.id == HOST else MODELLED
        rows = speedups[(speedups["machine"] == machine.id) & (speedups["source"] == source)]
        if rows.empty or rows["workers"].max() == 1:
            continue
        best = rows.iloc[int(rows["value"].to_numpy(float).argmax())]
        off = None if source == MEASURED else _blind(paper, variant, machine.id, errors)
        yield {
            "name": variant.name,
            "machine": machine.title,
            "y": float(best["value"]),
            "workers": int(best["workers"]),
            "source": source,
            "error": "–" if off is None else percent(off),
            "hatched": source == MODELLED and (off is None or off > TOLERATED),
        }


def _blind(
    paper: PaperTables, variant: Variant, machine: str, errors: pd.DataFrame
) -> float | None:
    """Return the median error of a method's model: on that machine where its paper timed it, else on this one."""
    published = of_left_out_points(paper.model_error)
    theirs = published[variant.rows(published) & (published["machine"] == machine)]
    ours = errors[variant.rows(errors) & (errors["paper"] == paper.id) & errors["quiet"]]
    rows = ours if theirs.empty else theirs
    return None if rows.empty else float(rows["relative_error"].abs().median())


def _told(points: pd.DataFrame) -> str:
    said = ["Best speed-ups of each method."]
    for name, rows in points.groupby("name", sort=False):
        cells = (f"{row['machine']} {row['y']:.2g}" for _, row in rows.iterrows())
        said.append(f"{name}: {', '.join(cells)}.")
    return " ".join(said)


def efficiencies(papers: Sequence[PaperTables], machines: Sequence[MachineView]) -> Figure | None:
    """Draw the efficiency of every method by workers a core: this machine's in colour, all others in grey."""
    cores = {machine.id: machine.cores for machine in machines}
    points = pd.DataFrame(
        row
        for paper in papers
        for variant in timed_variants(paper.study)
        for row in _efficiencies(paper, variant, cores)
    )
    if points.empty:
        return None
    series = [Series(OTHERS, "line"), Series(OWN, "one")]
    low, high = float(points["x"].min()), float(points["x"].max())
    x = alt.X("x:Q", title="workers a core").scale(type="log", domain=[low, high], nice=False)
    x = x.axis(values=decades(low, high), format="~g")
    y = alt.Y("y:Q", title="efficiency: speed-up a worker").axis(format="~%")
    tooltip = [
        alt.Tooltip("method:N", title="method"),
        alt.Tooltip("machine:N", title="machine"),
        alt.Tooltip("workers:Q", title="workers"),
        alt.Tooltip("y:Q", title="efficiency", format=".0%"),
    ]
    layers = []
    for name in (OTHERS, OWN):
        own = points[points["name"] == name]
        if not own.empty:
            base = shown(alt.Chart(records(own)))
            place = {"x": x, "y": y, "color": colour_scale(series), "tooltip": tooltip}
            layers.append(base.mark_line(strokeWidth=1.4).encode(**place, detail="line:N"))
            layers.append(base.mark_point(filled=True, size=18, opacity=1).encode(**place))
    chart = finish(alt.LayerChart(layer=layers), theme.HEIGHT)
    remark = (
        "Up to one worker a core, what is lost is waiting and merging; beyond, workers take turns."
    )
    drawn = points.assign(kind=POINT, oversubscribed=False, mark=None)
    return Figure(tuple(series), (Panel("", chart, _said(points)),), drawn, remark)


def _efficiencies(
    paper: PaperTables, variant: Variant, cores: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    own = paper.scaling[variant.rows(paper.scaling)]
    own = own[(own["metric"] == "efficiency") & (own["source"] != PUBLISHED)]
    own = own[(own["source"] == MEASURED) == (own["machine"] == HOST)]
    for machine, rows in own.groupby("machine", sort=False):
        if rows["workers"].max() > 1 and cores[str(machine)]:
            for _, row in rows.iterrows():
                yield {
                    "name": OWN if machine == HOST else OTHERS,
                    "line": f"{variant.name} {machine}",
                    "method": variant.name,
                    "machine": THIS_MACHINE if machine == HOST else machine,
                    "workers": int(row["workers"]),
                    "x": int(row["workers"]) / cores[str(machine)],
                    "y": float(row["value"]),
                    "source": row["source"],
                }


def _said(points: pd.DataFrame) -> str:
    at_cores = points[points["x"] == 1]
    told = [f"Efficiency by workers a core, {points['line'].nunique()} curves."]
    for name, rows in at_cores.groupby("name", sort=False):
        told.append(
            f"{name}, with a worker a core: from {percent(rows['y'].min())} to {percent(rows['y'].max())}."
        )
    return " ".join(told)
