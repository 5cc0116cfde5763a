"""Points of the authors' own runs, beside ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from reports.exhibits.keys import ChartKeys, TheirSeries
from reports.exhibits.results import Results
from reports.tables.metrics import CLOCKS, TIMING_METRICS, clock_of

if TYPE_CHECKING:
    import pandas as pd


def their_points(exhibit: ChartKeys, results: Results) -> Iterator[dict[str, Any]]:
    """Yield the points of the authors' own runs that an exhibit shows; none if there are no such runs.

    Times, and what is derived from them, are medians over the passes between their quartiles. Accuracies are those of
    single runs.

    Yields
    ------
    dict
        A point: its factors (metric, workers, epoch, hardware, perhaps program) and some columns of ``exhibits.csv``.
    """
    if exhibit.authors is UNSET:
        return
    chosen = exhibit.authors
    rows = chosen_runs(results.authors, chosen)
    variant = {} if chosen.variant is UNSET else {"variant": chosen.variant}
    for metric in results.metrics(exhibit):
        if metric in TIMING_METRICS:
            lines = ["machine", *(["program"] if "program" in exhibit.series else [])]
            points = timed_passes(rows, clock_of(metric), metric, lines)
        else:
            points = _counted(rows[rows["metric"] == metric], exhibit)
        yield from (point | variant for point in points)


def chosen_runs(rows: pd.DataFrame, chosen: TheirSeries) -> pd.DataFrame:
    """Return the rows of ``authors.csv`` that are of the chosen runs."""
    rows = rows[rows["machine"].isin(chosen.machines)]
    for column, names in (("program", chosen.programs), ("workers", chosen.workers)):
        rows = rows[rows[column].isin(names)] if names else rows
    return rows


def timed_passes(
    rows: pd.DataFrame, seconds: str, metric: str, lines: Sequence[str] = ("machine",)
) -> Iterator[dict[str, Any]]:
    """Yield a metric of timings of the authors' passes, by machine and number of workers.

    Parameters
    ----------
    rows
        Rows of ``authors.csv``.
    seconds
        The metric there that the seconds have: ``seconds`` or ``processor_seconds`` of passes that train,
        ``test_seconds`` of those that test.
    metric
        The metric to derive: see `reports.tables.speed.derive`.
    lines
        What tells one line from another: columns of ``authors.csv``.
    """
    import pandas as pd

    from reports.tables.speed import derive

    timed = rows[(rows["metric"] == seconds) & rows["epoch"].isna()]
    for _, own in timed.groupby(list(lines), sort=False, dropna=False):
        by_workers = own.set_index("workers").sort_index()
        ends = pd.concat(
            [_derive_end(by_workers, end, metric) for end in ("lower", "upper")], axis=1
        )
        derived = by_workers.assign(
            y=derive(by_workers["value"], metric), lower=ends.min(axis=1), upper=ends.max(axis=1)
        ).dropna(subset="y")
        for workers, row in derived.to_dict("index").items():
            yield {
                **_whose(row),
                **{"metric": metric, "workers": workers},
                **{name: row[name] for name in ("y", "lower", "upper")},
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
            **_whose(row),
            **{key: row[key] for key in ("metric", "workers")},
            **{"epoch": int(row["epoch"]), "y": row["value"]},
            "where": f"epoch {row['epoch']:.0f}",
        }


def _whose(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the machine and, where they have several, the program of a row of ``authors.csv``."""
    program = {"program": row["program"]} if isinstance(row["program"], str) else {}
    return {"hardware": row["machine"], "source": row["source"], **program}
