"""Accuracy against epochs, one line a strategy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta

from reports.exhibits.checks import check_runs
from reports.exhibits.contract import Chart, Kind
from reports.exhibits.keys import AxisKeys
from reports.exhibits.run_points import run_points

if TYPE_CHECKING:
    import pandas as pd

    from reports.exhibits.figure import Figure


class AccuracyOfStrategies(AxisKeys, frozen=True, kw_only=True, tag="accuracy_of_strategies"):
    """Configuration of a chart of accuracy against epochs, one line a strategy."""

    x: Annotated[Literal["epoch"], Meta(description="Its axis: epochs.")]


def plot(table: pd.DataFrame) -> Figure:
    """Draw accuracy against epochs; epoch 0, the untrained network, is left out."""
    from reports.exhibits.axes import Axes
    from reports.exhibits.composition import compose
    from reports.exhibits.series import by_strategy

    points = table[table["x"] >= 1]
    remark = "Epoch 0, the untrained network, is left out."
    return compose(points.assign(name=points["series"]), by_strategy(points), Axes(), remark)


KIND = Kind(
    name="accuracy_of_strategies",
    summary="Accuracy against epochs, one line a strategy.",
    keys=AccuracyOfStrategies,
    check=check_runs,
    chart=Chart(stage="experiments", tabulate=run_points, plot=plot),
)
