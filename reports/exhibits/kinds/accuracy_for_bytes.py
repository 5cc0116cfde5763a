"""The accuracy that a method loses, against the bytes that its merges move."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from msgspec import Meta

from records.metric import Metric
from records.study import Study
from reports.exhibits.checks import check_compared
from reports.exhibits.contract import Chart, Fault, Kind
from reports.exhibits.keys import AxisKeys, Name
from reports.exhibits.losses import losses
from reports.exhibits.results import Results, shown_rows
from reports.exhibits.run_points import run_rows

if TYPE_CHECKING:
    import pandas as pd

    from reports.exhibits.figure import Figure

MOVED: Final = "megabytes_moved"
"""Metric of runs whose workers send their parameters to merges."""


LOST: Final = "accuracy_lost"


class AccuracyForBytes(AxisKeys, frozen=True, kw_only=True, tag="accuracy_for_bytes"):
    """Configuration of a chart of the accuracy lost against the bytes moved."""

    x: Annotated[Literal["megabytes"], Meta(description="Its axis: megabytes moved.")]
    against: Annotated[Name, Meta(description="The variant that losses are relative to.")]


def check_names(
    exhibit: AccuracyForBytes, study: Study, properties: Collection[str]
) -> Iterator[Fault]:
    """Check the names in the chart."""
    yield from check_compared(exhibit, exhibit.against, study, properties)


def tabulate(exhibit: AccuracyForBytes, results: Results) -> Iterator[dict[str, Any]]:
    """Yield losses of accuracy, paired by seed, at the bytes of the whole training; none where nothing is moved."""
    from reports.tables.tidy import at_last_epoch, common_path

    moved = shown_rows(results.epochs, exhibit)
    moved = at_last_epoch(moved[moved["metric"] == MOVED])
    megabytes = moved.groupby(["variant", "workers"])["value"].mean().to_dict()
    for (variant, workers), loss in losses(run_rows(exhibit, results), exhibit.against).items():
        if megabytes.get((variant, workers)):
            yield {
                **loss.columns,
                "variant": variant,
                "workers": workers,
                "metric": LOST,
                "megabytes": float(megabytes[variant, workers]),
                "source": "measured",
                "evidence": common_path(loss.records),
            }


def plot(table: pd.DataFrame) -> Figure:
    """Draw losses against bytes, a colour a number of workers, and join those that nothing betters in both."""
    from reports.exhibits import theme
    from reports.exhibits.axes import Axes
    from reports.exhibits.composition import compose
    from reports.exhibits.figure import Series
    from reports.exhibits.front import on_front, pareto

    points = table.assign(name=table["series"])
    tokens = theme.spread([str(name) for name in dict.fromkeys(points["name"])], {})
    series = [Series(name, token) for name, token in tokens.items()]
    best = ", ".join(on_front(points)["variant"])
    joined = f"The line joins what no other betters in accuracy and in bytes: {best}."
    return compose(points, series, Axes(), joined, pareto)


METRICS: Final = {
    LOST: Metric(
        label="accuracy lost, percentage points",
        unit="points",
        summary="Accuracy of one network less the accuracy, after the last epoch.",
    )
}

KIND = Kind(
    name="accuracy_for_bytes",
    summary="The accuracy that is lost against the bytes that merges move.",
    keys=AccuracyForBytes,
    check=check_names,
    chart=Chart(stage="experiments", tabulate=tabulate, plot=plot, metrics=METRICS),
)
