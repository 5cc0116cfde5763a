"""The last accuracies against workers, a colour a variant."""

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


class AccuracyByWorkers(AxisKeys, frozen=True, kw_only=True, tag="accuracy_by_workers"):
    """Configuration of a chart of the last accuracies against workers, a colour a variant."""

    x: Annotated[Literal["workers"], Meta(description="Its axis: numbers of workers.")]


def plot(table: pd.DataFrame) -> Figure:
    """Draw the last accuracies against workers, the first metric solid and the others dashed.

    What the paper prints of no variant in particular is in the colour of the text, for it belongs to none of ours.
    """
    from reports.exhibits.axes import Axes
    from reports.exhibits.composition import compose
    from reports.exhibits.figure import AUTHORS, POINT, Series
    from reports.exhibits.series import by_variant, tokens_of

    series = by_variant(table)
    tokens = tokens_of(table)
    known = {entry.name for entry in series}
    theirs = table[(table["kind"] == POINT) & ~table["series"].isin(known)]
    theirs = theirs.drop_duplicates("series")
    series += [
        Series(name, tokens.get(variant, "ink"), "dotted" if source == AUTHORS else "none")
        for name, variant, source in theirs[["series", "variant", "source"]].to_numpy()
    ]
    points = table.assign(name=table["series"])
    return compose(points, series, Axes(x_log=True), "Each point is of the last epoch.")


KIND = Kind(
    name="accuracy_by_workers",
    summary="The last accuracies against workers, a colour a variant.",
    keys=AccuracyByWorkers,
    check=check_runs,
    chart=Chart(stage="experiments", tabulate=run_points, plot=plot, authors=True),
)
