"""Accuracy against epochs, one line a number of workers, one panel a reading."""

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


class AccuracyByEpoch(AxisKeys, frozen=True, kw_only=True, tag="accuracy_by_epoch"):
    """Configuration of a chart of accuracy against epochs, one line a number of workers, one panel a reading."""

    x: Annotated[Literal["epoch"], Meta(description="Its axis: epochs.")]


def plot(table: pd.DataFrame) -> Figure:
    """Draw accuracy against epochs.

    The untrained network (epoch 0) is left out: its accuracy, that of guessing, would flatten all
    the rest.
    """
    from reports.exhibits import theme
    from reports.exhibits.axes import Axes
    from reports.exhibits.composition import compose
    from reports.exhibits.figure import PUBLISHED, Series

    points = table[~(table["x"] < 1)]
    ours = points[points["source"] != PUBLISHED].drop_duplicates("series")
    ours = ours.sort_values("workers", kind="stable")
    tokens = theme.ramp(len(ours)) if len(ours) > 1 else ["merged"]
    series = [Series(name, token) for name, token in zip(ours["series"], tokens, strict=True)]
    # A published point stands on the line of its worker count, whatever the paper calls it.
    lines = dict(zip(ours["workers"], ours["series"], strict=True))
    columns = (points[name] for name in ("source", "workers", "series"))
    names = [
        lines.get(workers, name) if source == PUBLISHED else name
        for source, workers, name in zip(*columns, strict=True)
    ]
    remark = "Epoch 0, the untrained network, is left out."
    return compose(points.assign(name=names), series, Axes(), remark)


KIND = Kind(
    name="accuracy_by_epoch",
    summary="Accuracy against epochs, one line a number of workers, one panel a reading.",
    keys=AccuracyByEpoch,
    check=check_runs,
    chart=Chart(stage="experiments", tabulate=run_points, plot=plot, authors=True),
)
