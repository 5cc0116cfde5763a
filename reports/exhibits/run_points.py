"""Points of runs: means over the seeds, or each seed's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import fmean
from typing import TYPE_CHECKING, Any

from records.variants import RunVariant, TimingVariant
from reports.exhibits.keys import AxisKeys, ChartKeys
from reports.exhibits.results import Results, shown_rows, shown_variants

if TYPE_CHECKING:
    import pandas as pd


def run_points(
    exhibit: AxisKeys, results: Results, x: str | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the means of the runs that an exhibit shows, along its axis or along `x`, or each seed's if it says so."""
    variants = shown_variants(exhibit, results.study.experiments)
    rows = run_rows(exhibit, results)
    by_seed = "seed" in (*exhibit.series, *exhibit.panels)
    yield from mean_points(rows, x or exhibit.axis, variants, by_seed)


def run_rows(exhibit: ChartKeys, results: Results) -> pd.DataFrame:
    """Return the rows of ``epochs.csv`` that an exhibit shows."""
    rows = shown_rows(results.epochs, exhibit)
    return rows[rows["metric"].isin(results.metrics(exhibit))]


def mean_points(
    rows: pd.DataFrame,
    x: str,
    variants: Mapping[str, RunVariant | TimingVariant],
    by_seed: bool = False,
) -> Iterator[dict[str, Any]]:
    """Yield the mean over the seeds: at each epoch, or at the last one where the axis is another.

    Parameters
    ----------
    rows
        Rows of ``epochs.csv``.
    x
        The factor along the axis.
    variants
        The variants by name.
    by_seed
        Whether each seed has points of its own.

    Yields
    ------
    dict
        A point: its factors (variant, workers, metric, epoch, hidden, and seed if so asked) and some columns of
        ``exhibits.csv``.
    """
    from reports.tables.intervals import t_interval
    from reports.tables.tidy import at_last_epoch, common_path

    if x != "epoch":
        rows = at_last_epoch(rows)
    factors = ["variant", "workers", "metric", "epoch", *(["seed"] if by_seed else [])]
    for key, group in rows.groupby(factors, sort=False):
        point = dict(zip(factors, key, strict=True))
        values = group["value"].tolist()
        lower, upper = t_interval(values) or (None, None)
        yield {
            **point,
            "hidden": next(iter(variants[str(point["variant"])].network.hidden), 0),
            "y": fmean(values),
            "lower": lower,
            "upper": upper,
            "seeds": str(len(values)),
            "source": "measured",
            "evidence": common_path(group["record"]),
        }
