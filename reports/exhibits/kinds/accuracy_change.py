"""What a speed-up does to the accuracy: both against one variant, with the same number of epochs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from msgspec import Meta

from records.metric import Metric
from records.study import Study
from reports.exhibits.checks import check_compared, check_timing
from reports.exhibits.contract import Chart, Fault, Kind
from reports.exhibits.keys import Name, TimedKeys, Timing
from reports.exhibits.layout import Point
from reports.exhibits.losses import losses
from reports.exhibits.results import Results
from reports.exhibits.run_points import run_rows
from reports.exhibits.timed_points import epoch_seconds

if TYPE_CHECKING:
    import pandas as pd

    from reports.exhibits.figure import Figure


CHANGE: Final = "accuracy_change"


class AccuracyChange(TimedKeys, frozen=True, kw_only=True, tag="accuracy_change"):
    """Configuration of a chart of the change of accuracy at a speed-up."""

    x: Annotated[Literal["speedup"], Meta(description="Its axis: speed-ups.")]
    timing: Timing
    against: Annotated[
        Name,
        Meta(
            description="The variant that speed-ups and changes are relative to, with its fewest workers."
        ),
    ]


def check_names(
    exhibit: AccuracyChange, study: Study, properties: Collection[str]
) -> Iterator[Fault]:
    """Check the names in the chart, and that the timing is of its runs."""
    yield from check_compared(exhibit, exhibit.against, study, properties)
    yield from check_timing(exhibit, exhibit.timing, study)


def tabulate(exhibit: AccuracyChange, results: Results) -> Iterator[dict[str, Any]]:
    """Yield changes of accuracy at speed-ups."""
    seconds = epoch_seconds(exhibit.timing, exhibit.hardware, results)
    yield from accuracy_changes(run_rows(exhibit, results), seconds, exhibit.against)


def accuracy_changes(
    runs: pd.DataFrame, epochs: Iterable[Point], against: str
) -> Iterator[dict[str, Any]]:
    """Yield by how much each variant is more accurate after the last epoch, at its speed-up.

    Parameters
    ----------
    runs
        Rows of ``epochs.csv`` of an accuracy.
    epochs
        Seconds of an epoch, by variant, number of workers, machine and source.
    against
        The variant that the others are compared with, seed by seed.

    Yields
    ------
    dict
        A point: ``y`` in percentage points, ``speedup``, and the factors of the seconds.
    """
    from reports.tables.tidy import name_evidence

    timed, lost = list(epochs), losses(runs, against)
    own_times = [epoch for epoch in timed if epoch["variant"] == against]
    # Of several numbers of workers, the fewest are the last to be put in.
    fewest = sorted(own_times, key=lambda epoch: -epoch["workers"])
    alone = {_machine(epoch): epoch["y"] for epoch in fewest}
    for epoch in timed:
        own = lost.get((epoch["variant"], epoch["workers"]))
        if own is not None and _machine(epoch) in alone:
            yield {
                **epoch,
                **own.gained,
                "metric": CHANGE,
                "speedup": alone[_machine(epoch)] / epoch["y"],
                "evidence": name_evidence([*own.records, epoch["evidence"]]),
            }


def _machine(epoch: Point) -> tuple[str, str]:
    return epoch["hardware"], epoch["source"]


def plot(table: pd.DataFrame) -> Figure:
    """Draw the change of accuracy against the speed-up, a colour a strategy; a point says its workers."""
    from reports.exhibits.axes import Axes
    from reports.exhibits.composition import compose
    from reports.exhibits.quantity import quantity
    from reports.exhibits.series import by_strategy
    from reports.exhibits.trade_off import trade_off

    points = table.assign(name=table["series"])
    figure = compose(points, by_strategy(points), Axes(), draw=trade_off)
    # The table behind the figure has a row for each number of workers, as those of the other figures.
    notes = [f"{quantity(speedup, '×')} as fast" for speedup in points["x"]]
    by_workers = points.assign(x=points["workers"], x_name="workers", note=notes)
    return replace(figure, points=by_workers, remark=_about_changes(points))


def _about_changes(points: pd.DataFrame) -> str:
    """Say what points and lines are."""
    from reports.exhibits.figure import about_models
    from reports.tables.intervals import ENOUGH

    seeds = sorted({int(float(count)) for count in points["seeds"].dropna()})
    counts = " or ".join(map(str, seeds))
    changes = (
        f"Changes are means over {counts} seeds"
        if seeds != [1]
        else "Changes are those of one seed"
    )
    upright = ", the upright lines their 95 % intervals" if seeds and seeds[-1] >= ENOUGH else ""
    joined = "A line joins a strategy's points from the fewest workers to the most."
    return " ".join(filter(None, [f"{changes}{upright}.", about_models(points), joined]))


METRICS: Final = {
    CHANGE: Metric(
        label="change of accuracy, percentage points",
        unit="points",
        summary="Accuracy less that of one network.",
    )
}

KIND = Kind(
    name="accuracy_change",
    summary="The change of accuracy against the speed-up, a colour a strategy.",
    keys=AccuracyChange,
    check=check_names,
    chart=Chart(stage="experiments", tabulate=tabulate, plot=plot, metrics=METRICS),
)
