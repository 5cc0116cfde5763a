"""The merged network's accuracy beside the mean of its child networks' own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from msgspec import Meta

from reports.exhibits.checks import check_runs
from reports.exhibits.contract import Chart, Kind
from reports.exhibits.keys import AxisKeys
from reports.exhibits.run_points import run_points

if TYPE_CHECKING:
    import pandas as pd

    from reports.exhibits.figure import Figure

MERGED: Final = "merged network"
CHILDREN: Final = "mean of its child networks"


class AccuracyOfChildren(AxisKeys, frozen=True, kw_only=True, tag="accuracy_of_children"):
    """Configuration of a chart of the merged network's accuracy beside the mean of its child networks' own."""

    x: Annotated[Literal["epoch"], Meta(description="Its axis: epochs.")]


def plot(table: pd.DataFrame) -> Figure:
    """Draw the merged network's accuracy beside the mean of its child networks' own.

    The two differ by tenths of a percent and are compared within a panel, so each panel (a number
    of child networks under a reading) has its own axis, and the steep climb of the first tenth of
    the epochs enters it from below.
    """
    from reports.exhibits.axes import Axes
    from reports.exhibits.composition import compose
    from reports.exhibits.figure import VLINE, Series

    points = table[~(table["x"] < 1)]
    named = points["y_name"].str.startswith("child").map({True: CHILDREN, False: MERGED})
    # A place without a value, such as where the curves meet, is no point of either series.
    names = named.where(points["kind"] != VLINE, points["series"])
    series = [Series(MERGED, "merged"), Series(CHILDREN, "children")]
    axes = Axes(shared_y=False, below=0.1, y_title="accuracy")
    remark = "Each panel has its own axis, which leaves out the climb of the first epochs."
    return compose(points.assign(name=names), series, axes, remark)


KIND = Kind(
    name="accuracy_of_children",
    summary="The merged network's accuracy beside the mean of its child networks' own.",
    keys=AccuracyOfChildren,
    check=check_runs,
    chart=Chart(stage="experiments", tabulate=run_points, plot=plot),
)
