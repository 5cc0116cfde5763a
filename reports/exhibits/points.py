"""The points of every exhibit: ours, and those that the paper prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import pandas as pd

from reports.exhibits.accuracy_lost import accuracy_lost
from reports.exhibits.bar_points import fact_points, profiled_points
from reports.exhibits.layout import Layout, Point
from reports.exhibits.time_to_accuracy import time_to_accuracy
from reports.pages.paper import Paper, read_paper
from reports.tables.epoch_times import over_epochs
from reports.tables.facts import Facts
from reports.tables.host import HOST
from reports.tables.intervals import t_interval
from reports.tables.marks import mark_of
from reports.tables.metrics import METRICS, SHARE_METRICS, TIMING_METRICS, resolve
from reports.tables.properties import read_properties
from reports.tables.record_list import read_list
from reports.tables.speed import derive
from reports.tables.tidy import (
    EPOCHS,
    TIMINGS,
    at_last_epoch,
    common_path,
    read_table,
    table,
    write_table,
)

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


def write_exhibits(
    paper: Path,
    epochs: Path,
    timings: Path,
    machines: Mapping[str, str],
    records: Path,
    output: Path,
) -> None:
    """Write ``exhibits.csv`` of a paper.

    Parameters
    ----------
    paper
        Its resolved configuration.
    epochs, timings
        Its tables.
    machines
        Titles of the machines by name.
    records
        The list of its records, for properties.
    output
        The table.

    Raises
    ------
    InputError
        If one of them is not whole.
    """
    exhibits = tabulate_exhibits(
        read_paper(paper),
        read_table(epochs, EPOCHS),
        read_table(timings, TIMINGS),
        machines,
        dict(read_properties(read_list(records).properties).records),
    )
    write_table(exhibits, output)


def tabulate_exhibits(
    paper: Paper,
    epochs: pd.DataFrame,
    timings: pd.DataFrame,
    machines: Mapping[str, str],
    properties: Mapping[str, Facts] | None = None,
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
    properties
        Facts by the name of the property.

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
            for row in _rows(
                exhibit, paper, _Tables(paper, exhibit, epochs, timings, properties or {}), machines
            )
        ),
        COLUMNS,
    )


def _rows(
    exhibit: Mapping[str, Any], paper: Paper, tables: _Tables, machines: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    metrics = [resolve(metric, paper["confidence"]) for metric in exhibit["metrics"]]
    ours = list(tables.points(metrics))
    layout = Layout.of(exhibit, tables.variants(metrics), machines)
    for point in ours:
        yield _row(point, layout, layout.panel_of(point))
    for entry in exhibit.get("published", []):
        metric = resolve(entry.get("metric", metrics[0]), paper["confidence"])
        point = {**entry, "metric": metric, "y": entry.get("value"), "source": "published"}
        for panel in layout.panels_of(point, ours):
            yield _row(point, layout, panel)


@dataclass(frozen=True)
class _Tables:
    """What there is of ours to show in an exhibit."""

    paper: Paper
    exhibit: Mapping[str, Any]
    epochs: pd.DataFrame
    timings: pd.DataFrame
    properties: Mapping[str, Facts]

    def points(self, metrics: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Yield our points, without those of diverged runs, which end before their last epoch."""
        exhibit = self.exhibit
        if "facts" in exhibit:
            yield from fact_points(exhibit, self.properties)
        elif metrics[0] in SHARE_METRICS:
            yield from profiled_points(self._own(self.timings), metrics)
        elif metrics[0] in TIMING_METRICS:
            points = timed_points(_shown(self._own(self.timings), exhibit), metrics)
            by_epoch = exhibit["x"] == "epoch"
            yield from over_epochs(points, exhibit, self.paper) if by_epoch else points
        else:
            epochs = self._own(self.epochs)
            yield from self._run_points(epochs[epochs["metric"].isin(metrics)], metrics)

    def _run_points(self, rows: pd.DataFrame, metrics: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Yield what runs measured, or what they and a timing come to together."""
        exhibit, variants = self.exhibit, self.variants(metrics)
        if "threshold" in exhibit:
            means = _measured_points(rows, "epoch", variants)
            yield from time_to_accuracy(means, self._epoch_seconds(), exhibit["threshold"])
        elif "against" in exhibit:
            yield from accuracy_lost(rows, self._epoch_seconds(), exhibit["against"])
        else:
            yield from _measured_points(rows, exhibit["x"], variants)

    def _epoch_seconds(self) -> Iterator[dict[str, Any]]:
        """Yield the seconds of an epoch of the exhibit's timing, measured on this host and modelled elsewhere."""
        timing = self.exhibit["timing"]
        variants = self.paper["timings"][timing]["variants"]
        rows = self.timings[
            (self.timings["experiment"] == timing) & (self.timings["status"] == "completed")
        ]
        for point in timed_points(_of_machines(rows, self.exhibit), ["seconds"]):
            epochs = variants[point["variant"]]["training"]["epochs"]
            ends = {
                end: point[end] / epochs
                for end in ("y", "lower", "upper")
                if point[end] is not None
            }
            yield {**point, **ends}

    def variants(self, metrics: Sequence[str]) -> dict[str, Any]:
        """Return the variants of the experiments, or of the timing, that the exhibit shows."""
        stage = self.paper["timings" if metrics[0] in TIMING_METRICS else "experiments"]
        return {
            variant: settings
            for name in self._experiments
            for variant, settings in stage.get(name, {}).get("variants", {}).items()
        }

    @property
    def _experiments(self) -> list[str]:
        names = [self.exhibit.get("experiment"), *self.exhibit.get("beside", ())]
        return [name for name in names if name is not None]

    def _own(self, rows: pd.DataFrame) -> pd.DataFrame:
        rows = rows[rows["experiment"].isin(self._experiments) & (rows["status"] == "completed")]
        variants = self.exhibit.get("variants")
        return rows if variants is None else rows[rows["variant"].isin(variants)]


def _shown(timings: pd.DataFrame, exhibit: Mapping[str, Any]) -> pd.DataFrame:
    """Return the seconds that an exhibit shows: measured ones, and modelled ones of its machines but the host.

    A model answers for any number of workers; the exhibit shows no more than were timed or are published.
    """
    rows = _of_machines(timings, exhibit)
    published = (point["workers"] for point in exhibit.get("published", ()) if "workers" in point)
    most = max([*timings.loc[timings["source"] == "measured", "workers"], *published], default=1)
    return rows[(rows["source"] == "measured") | (rows["workers"] <= most)]


def _of_machines(timings: pd.DataFrame, exhibit: Mapping[str, Any]) -> pd.DataFrame:
    """Return the seconds on an exhibit's machines: measured ones, and modelled ones of all but the host."""
    machines = exhibit.get("hardware", [HOST])
    rows = timings[(timings["metric"] == "seconds") & timings["hardware"].isin(machines)]
    return rows[(rows["source"] == "measured") | (rows["hardware"] != HOST)]


def _measured_points(
    rows: pd.DataFrame, x: str, variants: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield the mean over the seeds: at each epoch, or at the last one where the axis is another."""
    if x != "epoch":
        rows = at_last_epoch(rows)
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
