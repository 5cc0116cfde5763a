"""The share of one worker's time that is saved against workers, one line a machine."""

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


class SavingByWorkers(TimedKeys, frozen=True, kw_only=True, tag="saving_by_workers"):
    """Configuration of a chart of the share of one worker's time that is saved against workers, one line a machine."""

    x: Annotated[Literal["workers"], Meta(description="Its axis: numbers of workers.")]


def plot(table: pd.DataFrame) -> Figure:
    """Draw the share of one worker's time that is saved against workers."""
    from reports.exhibits.axes import Axes
    from reports.exhibits.series import plot_by_machine

    return plot_by_machine(table, Axes(x_log=True))


KIND = Kind(
    name="saving_by_workers",
    summary="The share of one worker's time that is saved against workers, one line a machine.",
    keys=SavingByWorkers,
    check=check_times,
    chart=Chart(stage="timings", tabulate=shown_timings, plot=plot),
)
