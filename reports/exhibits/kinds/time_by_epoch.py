"""Seconds against epochs, one line a machine and number of workers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from msgspec import UNSET, Meta

from records.study import Study
from reports.exhibits.checks import check_chart
from reports.exhibits.contract import Chart, Fault, Kind
from reports.exhibits.keys import TimedKeys
from reports.exhibits.layout import Point
from reports.exhibits.results import Results
from reports.exhibits.timed_points import shown_timings

if TYPE_CHECKING:
    import pandas as pd

    from reports.exhibits.figure import Figure


class TimeByEpoch(TimedKeys, frozen=True, kw_only=True, tag="time_by_epoch"):
    """Configuration of a chart of seconds against epochs."""

    x: Annotated[Literal["epoch"], Meta(description="Its axis: epochs.")]


def check_names(exhibit: TimeByEpoch, study: Study, properties: Collection[str]) -> Iterator[Fault]:
    """Check the names in the chart; it can show seconds alone."""
    yield from check_chart(exhibit, study, "timings", ("seconds",))


def tabulate(exhibit: TimeByEpoch, results: Results) -> Iterator[dict[str, Any]]:
    """Yield the time of each number of epochs that the paper prints a time of, for each timed number of workers.

    An epoch takes as long as any other, so a timing of some epochs stands for any number of them.
    """
    for point in shown_timings(exhibit, results):
        timed = _timed_epochs(point, exhibit.experiment, results.study)
        printed = (p.epoch for p in exhibit.published if p.workers == point["workers"])
        for epoch in dict.fromkeys(epoch for epoch in printed if epoch is not UNSET):
            ends = {
                end: point[end] * epoch / timed
                for end in ("y", "lower", "upper")
                if point[end] is not None
            }
            yield {**point, "epoch": epoch, **ends}


def _timed_epochs(point: Point, timing: str, study: Study) -> int:
    """Return how many epochs a timing is of: a paper's own program, on its own machines, has its own number."""
    model = study.model
    if (
        model is not UNSET
        and point["source"] == "modelled"
        and model.timed == f"{timing}/{point['variant']}"
        and any(printed.hardware == point["hardware"] for printed in model.points)
    ):
        return model.scale.epochs
    return study.timings[timing].variants[point["variant"]].training.epochs


def plot(table: pd.DataFrame) -> Figure:
    """Draw seconds against epochs; both axes are logarithmic."""
    from reports.exhibits.axes import Axes
    from reports.exhibits.series import plot_by_machine

    remark = "Ours are as many times an epoch's."
    return plot_by_machine(table, Axes(x_log=True, y_log=True), remark)


KIND = Kind(
    name="time_by_epoch",
    summary="Seconds against epochs, one line a machine and number of workers.",
    keys=TimeByEpoch,
    check=check_names,
    chart=Chart(stage="timings", tabulate=tabulate, plot=plot),
)
