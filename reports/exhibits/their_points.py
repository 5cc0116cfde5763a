"""Points of the authors' own runs, beside ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from reports.exhibits.keys import ChartKeys, TheirSeries
from reports.exhibits.results import Results
from reports.tables.metrics import CLOCKS, TIMING_METRICS

if TYPE_CHECKING:
    import pandas as pd


def their_points(exhibit: ChartKeys, results: Results) -> Iterator[dict[str, Any]]:
    """Yield the points of the authors' own runs that an exhibit shows; none if there are no such runs.

    Times, and what is derived from them, are medians over the passes between their quartiles. Accuracies are those of
    single runs.

    Yields
    ------
    dict
        A point: its factors (metric, workers, epoch, hardware) and some columns of ``exhibits.csv``.
    """
    if exhibit.authors is UNSET:
        return
    chosen = exhibit.authors
    rows = chosen_runs(results.authors, chosen)
    variant = {} if chosen.variant is UNSET else {"variant": chosen.variant}
    for metric in results.metrics(exhibit):
        if metric in TIMING_METRICS:
            points = timed_passes(rows, "seconds", metric)
        else:
            points = _counted(rows[rows["metric"] == metric], exhibit)
        yield from (point | variant for point in points)


def chosen_runs(rows: pd.DataFrame, chosen: TheirSeries) -> pd.DataFrame:
    """Return the rows of ``authors.csv`` that are of the chosen runs."""
    rows = rows[rows["machine"].isin(chosen.machines)]
    for column, names in (("program", chosen.programs), ("workers", chosen.workers)):
        rows = rows[rows[column].isin(names)] if names else rows
    return rows


def timed_passes(rows: pd.DataFrame, seconds: str, metric: str) -> Iterator[dict[str, Any]]:
    """Yield a metric of timings of the authors' passes, by machine and number of workers.

    Parameters
    ----------
    rows
        Rows of ``authors.csv``.
    seconds
        The metric there that the seconds have: ``seconds`` of passes that train, ``test_seconds`` of those that test.
    metric
        The metric to derive: see `reports.tables.speed.derive`.
    """
    import pandas as pd

    from reports.tables.speed import derive

    timed = rows[(rows["metric"] == seconds) & rows["epoch"].isna()]
    for machine, own in timed.groupby("machine", sort=False):
        by_workers = own.set_index("workers").sort_index()
        ends = pd.concat(
            [_derive_end(by_workers, end, metric) for end in ("lower", "upper")], axis=1
        )
        derived = by_workers.assign(
            y=derive(by_workers["value"], metric), lower=ends.min(axis=1), upper=ends.max(axis=1)
        ).dropna(subset="y")
        for workers, row in derived.to_dict("index").items():
            yield {
                **{"metric": metric, "workers": workers, "hardware": machine},
                **{name: row[name] for name in ("y", "lower", "upper", "source")},
                "where": f"{row['passes']:.0f} passes",
            }


def _derive_end(by_workers: pd.DataFrame, end: str, metric: str) -> pd.Series[float]:
    """Derive a metric from one end of the seconds; what is relative to one worker, over that one's median."""
    from reports.tables.speed import derive

    seconds = by_workers[end]
    if metric not in CLOCKS:
        seconds = seconds.where(by_workers.index != 1, by_workers["value"])
    return derive(seconds, metric)


def _counted(rows: pd.DataFrame, exhibit: ChartKeys) -> Iterator[dict[str, Any]]:
    """Yield accuracies up to the chosen epoch; where the axis is another, the last of them."""
    last = exhibit.authors.epoch if exhibit.authors else UNSET
    rows = rows[rows["epoch"].notna()]
    if last is not UNSET:
        rows = rows[rows["epoch"] <= last]
    if exhibit.axis != "epoch":
        runs = rows.groupby(["machine", "program", "workers"], dropna=False)
        rows = rows[rows["epoch"] == runs["epoch"].transform("max")]
    for row in rows.to_dict("records"):
        yield {
            **{key: row[key] for key in ("metric", "workers", "source")},
            **{"epoch": int(row["epoch"]), "hardware": row["machine"], "y": row["value"]},
            "where": f"epoch {row['epoch']:.0f}",
        }
