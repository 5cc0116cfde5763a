"""The points of every exhibit: ours, and those that the paper prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import pandas as pd

from reports.host import HOST, THIS_MACHINE, part_of_host
from reports.intervals import t_interval
from reports.marks import mark_of
from reports.metrics import METRICS, TIMING_METRICS, resolve
from reports.paper import Paper
from reports.speed import derive
from reports.tables import common_path, table

COLUMNS: tuple[str, ...] = (
    "edition",
    "paper",
    "exhibit",
    "panel",
    "series",
    "workers",
    "x",
    "x_name",
    "y",
    "y_name",
    "lower",
    "upper",
    "seeds",
    "unit",
    "source",
    "variant",
    "hardware",
    "mark",
    "oversubscribed",
    "where",
    "evidence",
)

EVERY_PANEL = ""
"""The panel of a row that belongs into all of them."""

Point = Mapping[str, Any]
"""A point's factors (metric, variant, workers, epoch, hidden, hardware) and columns."""


@dataclass(frozen=True)
class Layout:
    """How the points of an exhibit are laid out.

    Attributes
    ----------
    x
        The factor along the axis: ``epoch``, ``workers`` or ``hidden``.
    series, panel
        The factors that tell one line, and one panel, from another.
    in_every_panel
        Variants that every panel shows.
    worker
        What the paper calls a worker, in the singular.
    titles
        Titles of the variants by name.
    machines
        Titles of the machines by name.
    """

    x: str
    series: Sequence[str]
    panel: Sequence[str]
    in_every_panel: Sequence[str]
    worker: str
    titles: Mapping[str, str]
    machines: Mapping[str, str]

    @classmethod
    def of(
        cls, exhibit: Mapping[str, Any], variants: Mapping[str, Any], machines: Mapping[str, str]
    ) -> Layout:
        """Read the layout of an exhibit out of the configuration."""
        return cls(
            x=exhibit["x"],
            series=exhibit.get("series", ()),
            panel=exhibit.get("panel", ()),
            in_every_panel=exhibit.get("in_every_panel", ()),
            worker=exhibit.get("worker", "worker"),
            titles={name: variant["title"] for name, variant in variants.items()},
            machines=machines,
        )

    @property
    def x_name(self) -> str:
        """Name of the axis; that of workers after what the paper calls a worker."""
        return f"{self.worker}s" if self.x == "workers" else self.x

    def series_of(self, point: Point) -> str:
        """Name the line of a point: by its own label, or by its factors."""
        return str(point.get("label") or self._words(point, self.series) or point["source"])

    def panel_of(self, point: Point) -> str:
        """Name the panel of a point."""
        if point.get("variant") in self.in_every_panel:
            return EVERY_PANEL
        return self._words(point, self.panel)

    def panels_of(self, point: Point, others: Iterable[Point]) -> list[str]:
        """Name the panels into which a point belongs that may not tell all of a panel's factors."""
        known = [name for name in self.panel if name in point]
        matching = (other for other in others if all(other[name] == point[name] for name in known))
        panels = list(dict.fromkeys(self.panel_of(other) for other in matching)) if known else []
        return panels or [self.panel_of(point)]

    def _words(self, point: Point, factors: Iterable[str]) -> str:
        return " · ".join(self._word(name, point) for name in factors if name in point)

    def _word(self, name: str, point: Point) -> str:
        value = point[name]
        if name == "workers":
            return f"{value} {self.worker}{'' if value == 1 else 's'}"
        if name == "metric":
            return METRICS[value].label
        if name == "hardware":
            return self._machine(value, point)
        return str(self.titles.get(value, value) if name == "variant" else value)

    def _machine(self, name: str, point: Point) -> str:
        if name == HOST:
            return THIS_MACHINE
        if point["source"] == "measured":
            return part_of_host(int(point["cores"]))
        return self.machines.get(name, name)


def tabulate_exhibits(
    paper: Paper, epochs: pd.DataFrame, timings: pd.DataFrame, machines: Mapping[str, str]
) -> pd.DataFrame:
    """Lay out every exhibit of a paper.

    Parameters
    ----------
    paper
        The resolved configuration of the paper.
    epochs, timings
        The tables of its runs.
    machines
        Titles of the machines by name.

    Returns
    -------
    DataFrame
        One row a point of runs that did not diverge, with the columns of ``exhibits.csv``. A published row without x is
        a horizontal line, one without y a vertical line; a row without a panel belongs into every panel. An exhibit
        that is not drawn from runs, such as a diagram, has no rows.
    """
    return table(
        (
            {"edition": paper["edition"]["name"], "paper": paper["id"], "exhibit": name, **row}
            for name, exhibit in paper["exhibits"].items()
            if "metrics" in exhibit
            for row in _rows(exhibit, paper, epochs, timings, machines)
        ),
        COLUMNS,
    )


def _rows(
    exhibit: Mapping[str, Any],
    paper: Paper,
    epochs: pd.DataFrame,
    timings: pd.DataFrame,
    machines: Mapping[str, str],
) -> Iterator[dict[str, Any]]:
    metrics = [resolve(metric, paper["confidence"]) for metric in exhibit["metrics"]]
    name = exhibit["experiment"]
    epochs, timings = (_completed(runs, name) for runs in (epochs, timings))
    if metrics[0] in TIMING_METRICS:
        variants = paper["timings"].get(name, {}).get("variants", {})
        ours = list(timed_points(_shown(timings, exhibit), metrics))
    else:
        variants = paper["experiments"].get(name, {}).get("variants", {})
        rows = epochs[epochs["metric"].isin(metrics)]
        ours = list(_measured_points(rows, exhibit["x"], variants))
    layout = Layout.of(exhibit, variants, machines)
    for point in ours:
        yield _row(point, layout, layout.panel_of(point))
    for entry in exhibit.get("published", []):
        metric = resolve(entry.get("metric", metrics[0]), paper["confidence"])
        point = {**entry, "metric": metric, "y": entry.get("value"), "source": "published"}
        for panel in layout.panels_of(point, ours):
            yield _row(point, layout, panel)


def _completed(rows: pd.DataFrame, experiment: str) -> pd.DataFrame:
    """Return the rows of an experiment without those of diverged runs, which end before their last epoch."""
    return rows[(rows["experiment"] == experiment) & (rows["status"] == "completed")]


def _shown(timings: pd.DataFrame, exhibit: Mapping[str, Any]) -> pd.DataFrame:
    """Return the seconds that an exhibit shows: measured ones, and modelled ones of its machines but the host.

    A model answers for any number of workers; the exhibit shows no more than were timed or are published.
    """
    machines = exhibit.get("hardware", [HOST])
    rows = timings[(timings["metric"] == "seconds") & timings["hardware"].isin(machines)]
    modelled = rows["source"] == "modelled"
    published = (point["workers"] for point in exhibit.get("published", ()) if "workers" in point)
    most = max([*timings.loc[timings["source"] == "measured", "workers"], *published], default=1)
    return rows[~modelled | ((rows["hardware"] != HOST) & (rows["workers"] <= most))]


def _measured_points(
    rows: pd.DataFrame, x: str, variants: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield the mean over the seeds: at each epoch, or at the last one where the axis is another."""
    if x != "epoch":
        rows = rows[rows["epoch"] == rows.groupby("record")["epoch"].transform("max")]
    factors = ["variant", "workers", "metric", "epoch"]
    for key, group in rows.groupby(factors, sort=False):
        point = dict(zip(factors, key, strict=True))
        values = group["value"].tolist()
        lower, upper = t_interval(values) or (None, None)
        yield {
            **point,
            "hidden": next(iter(variants[str(point["variant"])]["network"]["hidden"]), 0),
            "y": fmean(values),
            "lower": lower,
            "upper": upper,
            "seeds": str(len(values)),
            "source": "measured",
            "evidence": common_path(group["record"]),
        }


def timed_points(rows: pd.DataFrame, metrics: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the median over the repeats, measured seconds between their extremes.

    Parameters
    ----------
    rows
        Rows of ``timings.csv`` of one timing, seconds alone.
    metrics
        What to derive from them.

    Yields
    ------
    dict
        A point: its factors (variant, hardware, source, workers, metric) and some columns of ``exhibits.csv``.
    """
    factors = ["variant", "hardware", "source"]
    for key, group in rows.groupby(factors, sort=False):
        point = dict(zip(factors, key, strict=True))
        by_workers = {int(str(workers)): repeats for workers, repeats in group.groupby("workers")}
        medians = pd.Series({n: repeats["value"].median() for n, repeats in by_workers.items()})
        for metric in metrics:
            derived = derive(medians, metric)
            for workers in derived.index:
                repeats = by_workers[workers]
                ranged = metric == "seconds" and point["source"] == "measured"
                yield {
                    **point,
                    "metric": metric,
                    "workers": workers,
                    "cores": repeats["cores"].iloc[0],
                    "y": derived[workers],
                    "lower": repeats["value"].min() if ranged else None,
                    "upper": repeats["value"].max() if ranged else None,
                    "mark": mark_of(repeats["mark"]),
                    "oversubscribed": repeats["oversubscribed"].iloc[0],
                    "evidence": common_path(repeats["record"]),
                }


def _row(point: Point, layout: Layout, panel: str) -> dict[str, Any]:
    return {
        **{column: point[column] for column in COLUMNS if column in point},
        "panel": panel,
        "series": layout.series_of(point),
        "x": point.get(layout.x),
        "x_name": layout.x_name,
        "y_name": point["metric"],
        "unit": METRICS[point["metric"]].unit,
    }
