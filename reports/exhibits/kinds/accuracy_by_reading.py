"""The last accuracies under each reading of a paper, a row a reading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from reports.exhibits.checks import check_runs
from reports.exhibits.contract import Chart, Kind
from reports.exhibits.keys import ChartKeys, Factors
from reports.exhibits.results import Results, shown_variants
from reports.exhibits.run_points import mean_points, run_rows

if TYPE_CHECKING:
    import pandas as pd

    from reports.exhibits.figure import Figure


class AccuracyByReading(ChartKeys, frozen=True, kw_only=True, tag="accuracy_by_reading"):
    """Configuration of a chart of the last accuracies, a row a reading and a colour a number of workers."""

    series: Annotated[Factors, Meta(description="Factors that distinguish the dots of a row.")] = (
        "workers",
    )
    panel: Annotated[Factors, Meta(description="Factors that distinguish the rows.")] = ("variant",)

    @property
    def sums_up(self) -> bool:
        """Whether it shows in one chart what others show one by one: it does."""
        return True


def tabulate(exhibit: AccuracyByReading, results: Results) -> Iterator[dict[str, Any]]:
    """Yield the mean of the last accuracies of each reading and number of workers."""
    variants = shown_variants(exhibit, results.study.experiments)
    yield from mean_points(run_rows(exhibit, results), "workers", variants)


def plot(table: pd.DataFrame) -> Figure:
    """Draw a row for each reading, the most accurate first, with what the paper prints as upright lines."""
    from reports.exhibits import theme
    from reports.exhibits.data_table import cross_table
    from reports.exhibits.dots import rows_of_dots
    from reports.exhibits.figure import BAR, PUBLISHED, Figure, Panel, Series, spread_of

    ours = table[table["source"] != PUBLISHED].assign(kind=BAR)
    ours["name"] = ours["series"]
    names = ours.sort_values("workers")["name"].drop_duplicates().tolist()
    tokens = dict(zip(names, theme.ramp(len(names)), strict=True))
    theirs = table[table["source"] == PUBLISHED].drop_duplicates(["series", "y"])
    theirs = theirs.assign(name=[f"{name}, printed" for name in theirs["series"]])
    printed = dict(zip(theirs["name"], theirs["series"], strict=True))
    series = tuple(
        [Series(name, tokens[name]) for name in names]
        + [Series(name, tokens.get(own, "ink"), "dash-dotted") for name, own in printed.items()]
    )
    means = ours.groupby("panel", sort=False)["y"].mean().sort_values(ascending=False)
    order = [str(name) for name in means.index]
    chart = rows_of_dots(ours, theirs, order, series)
    panel = Panel("", chart, _in_words(ours, order))
    crossed = cross_table(ours, "reading", ("panel", order), ("name", names))
    return Figure(series, (panel,), ours, spread_of(ours), (crossed,))


def _in_words(ours: pd.DataFrame, order: list[str]) -> str:
    from reports.exhibits.figure import axis_title
    from reports.exhibits.quantity import quantity

    told = [f"{axis_title(ours['y_label']).capitalize()} under {len(order)} readings."]
    for name in order:
        rows = ours[ours["panel"] == name]
        found = (f"{row['name']} {quantity(row['y'], row['unit'])}" for _, row in rows.iterrows())
        told.append(f"{name}: {', '.join(found)}.")
    return " ".join(told)


KIND = Kind(
    name="accuracy_by_reading",
    summary="The last accuracies under each reading, a row a reading and a colour a number of workers.",
    keys=AccuracyByReading,
    check=check_runs,
    chart=Chart(stage="experiments", tabulate=tabulate, plot=plot),
)
