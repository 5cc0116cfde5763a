"""Accuracy against the size of the hidden layer."""

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

ONE_NETWORK: Final = "one network"


class AccuracyByHidden(AxisKeys, frozen=True, kw_only=True, tag="accuracy_by_hidden"):
    """Configuration of a chart of accuracy against the size of the hidden layer."""

    x: Annotated[Literal["hidden"], Meta(description="Its axis: sizes of the hidden layer.")]


def plot(table: pd.DataFrame) -> Figure:
    """Draw accuracy against the size of the hidden layer, on a logarithmic axis."""
    from reports.exhibits.axes import Axes
    from reports.exhibits.composition import compose
    from reports.exhibits.figure import PUBLISHED, Series

    names = table["series"].where(table["source"] == PUBLISHED, ONE_NETWORK)
    return compose(table.assign(name=names), [Series(ONE_NETWORK, "one")], Axes(x_log=True))


KIND = Kind(
    name="accuracy_by_hidden",
    summary="Accuracy against the size of the hidden layer.",
    keys=AccuracyByHidden,
    check=check_runs,
    chart=Chart(stage="experiments", tabulate=run_points, plot=plot),
)
