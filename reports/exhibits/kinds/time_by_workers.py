"""Seconds, or speed-ups, against workers, one line a machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta

from reports.exhibits.checks import check_times
from reports.exhibits.contract import Chart, Kind
from reports.exhibits.keys import TimedKeys
from reports.exhibits.timed_points import shown_timings

if TYPE_CHECKING:
    import pandas as pd

    from reports.exhibits.figure import Figure


class TimeByWorkers(TimedKeys, frozen=True, kw_only=True, tag="time_by_workers"):
    """Configuration of a chart of seconds, or speed-ups, against workers, one line a machine."""

    x: Annotated[Literal["workers"], Meta(description="Its axis: numbers of workers.")]


def plot(table: pd.DataFrame) -> Figure:
    """Draw seconds, or speed-ups, against workers.

    Both axes are logarithmic, so that halving the time is the same step everywhere. Where times are for unequal work,
    they are drawn by the sample.
    """
    from reports.exhibits.axes import Axes
    from reports.exhibits.equal_work import per_sample
    from reports.exhibits.series import plot_by_machine

    rows, remark = per_sample(table)
    return plot_by_machine(rows, Axes(x_log=True, y_log=True), remark)


KIND = Kind(
    name="time_by_workers",
    summary="Seconds, or speed-ups, against workers, one line a machine.",
    keys=TimeByWorkers,
    check=check_times,
    chart=Chart(stage="timings", tabulate=shown_timings, plot=plot, authors=True),
)
