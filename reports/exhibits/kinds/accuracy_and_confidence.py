"""Accuracy (solid) and confidence (dashed) of one network and of merged ones."""

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


class AccuracyAndConfidence(AxisKeys, frozen=True, kw_only=True, tag="accuracy_and_confidence"):
    """Configuration of a chart of accuracy (solid) and confidence (dashed) of one network and of merged ones."""

    x: Annotated[Literal["epoch"], Meta(description="Its axis: epochs.")]


def plot(table: pd.DataFrame) -> Figure:
    """Draw accuracy and confidence against epochs."""
    from reports.exhibits.axes import Axes
    from reports.exhibits.composition import compose
    from reports.exhibits.series import by_variant

    return compose(table.assign(name=table["series"]), by_variant(table), Axes())


KIND = Kind(
    name="accuracy_and_confidence",
    summary="Accuracy (solid) and confidence (dashed) of one network and of merged ones.",
    keys=AccuracyAndConfidence,
    check=check_runs,
    chart=Chart(stage="experiments", tabulate=run_points, plot=plot),
)
