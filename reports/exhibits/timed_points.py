"""Points of timings: medians over the repeats, and what is derived from them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from reports.exhibits.keys import TimedKeys
from reports.exhibits.results import Results, shown_rows
from reports.tables.host import HOST
from reports.tables.metrics import CLOCKS, clock_of

if TYPE_CHECKING:
    import pandas as pd


def shown_timings(exhibit: TimedKeys, results: Results) -> Iterator[dict[str, Any]]:
    """Yield the points of the timings that an exhibit shows.

    A model answers for any number of workers; the exhibit shows no more than were timed or are published.
    """
    timings = shown_rows(results.timings, exhibit)
    rows = of_machines(timings, exhibit.hardware)
    published = (point.workers for point in exhibit.published if point.workers is not UNSET)
    most = max([*timings.loc[timings["source"] == "measured", "workers"], *published], default=1)
    rows = rows[(rows["source"] == "measured") | (rows["workers"] <= most)]
    yield from timed_points(rows, results.metrics(exhibit))


def epoch_seconds(
    timing: str, machines: Collection[str], results: Results
) -> Iterator[dict[str, Any]]:
    """Yield the seconds of an epoch of a timing, measured on this host and modelled elsewhere."""
    variants = results.study.timings[timing].variants
    timings = results.timings
    rows = timings[(timings["experiment"] == timing) & (timings["status"] == "completed")]
    for point in timed_points(of_machines(rows, machines), ["seconds"]):
        epochs = variants[point["variant"]].training.epochs
        ends = {
            end: point[end] / epochs for end in ("y", "lower", "upper") if point[end] is not None
        }
        yield {**point, **ends}


def of_machines(timings: pd.DataFrame, machines: Collection[str]) -> pd.DataFrame:
    """Return what clocks tell on some machines: measured, and modelled of all but the host."""
    rows = timings[timings["metric"].isin(CLOCKS) & timings["hardware"].isin(machines)]
    return rows[(rows["source"] == "measured") | (rows["hardware"] != HOST)]


def timed_points(rows: pd.DataFrame, metrics: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the median over the repeats, measured seconds between their extremes.

    Parameters
    ----------
    rows
        Rows of ``timings.csv`` of one timing, those of clocks alone.
    metrics
        What to derive from them.

    Yields
    ------
    dict
        A point: its factors (variant, hardware, source, workers, metric) and some columns of ``exhibits.csv``.
    """
    import pandas as pd

    from reports.tables.marks import mark_of
    from reports.tables.speed import derive
    from reports.tables.tidy import common_path

    factors = ["variant", "hardware", "source"]
    for key, group in rows.groupby(factors, sort=False):
        point = dict(zip(factors, key, strict=True))
        for metric in metrics:
            told = group[group["metric"] == clock_of(metric)]
            by_workers = {int(str(n)): repeats for n, repeats in told.groupby("workers")}
            medians = pd.Series({n: repeats["value"].median() for n, repeats in by_workers.items()})
            derived = derive(medians, metric)
            for workers in derived.index:
                repeats = by_workers[workers]
                ranged = metric in CLOCKS and point["source"] == "measured"
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
