"""What methods reach and what they cost, a row a method."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Annotated, Any, Final

from msgspec import Meta

from records.study import Study
from reports.exhibits.checks import check_compared
from reports.exhibits.contract import Chart, Fault, Kind
from reports.exhibits.keys import ChartKeys, Name
from reports.exhibits.kinds import accuracy_for_bytes, time_to_accuracy
from reports.exhibits.losses import losses
from reports.exhibits.results import Results, shown_rows, shown_variants
from reports.exhibits.run_points import mean_points, run_rows

if TYPE_CHECKING:
    import pandas as pd

    from reports.exhibits.figure import Figure

LOST, EPOCHS = accuracy_for_bytes.LOST, "epochs_to_accuracy"

DRAWN: Final = (LOST, accuracy_for_bytes.MOVED, EPOCHS)
"""Metrics that have a panel; the table has the accuracy, too, of which the loss is the mirror image."""


class Methods(ChartKeys, frozen=True, kw_only=True, tag="methods"):
    """Configuration of a comparison of methods."""

    against: Annotated[Name, Meta(description="The variant that losses are relative to.")]
    threshold: Annotated[
        float,
        Meta(
            gt=0,
            lt=1,
            description="The accuracy to which epochs are counted, as a mean over the seeds.",
        ),
    ]


def check_names(exhibit: Methods, study: Study, properties: Collection[str]) -> Iterator[Fault]:
    """Check the names in the chart."""
    yield from check_compared(exhibit, exhibit.against, study, properties)


def tabulate(exhibit: Methods, results: Results) -> Iterator[dict[str, Any]]:
    """Yield each method's last accuracy, what it loses, the megabytes that it moves and its epochs to an accuracy."""
    from reports.tables.tidy import common_path

    variants = shown_variants(exhibit, results.study.experiments)
    rows, shown = run_rows(exhibit, results), shown_rows(results.epochs, exhibit)
    moved = shown[shown["metric"] == accuracy_for_bytes.MOVED]
    yield from mean_points(rows, "workers", variants)
    yield from mean_points(moved, "workers", variants)
    for (variant, workers), loss in losses(rows, exhibit.against).items():
        yield {
            **loss.columns,
            "variant": variant,
            "workers": workers,
            "metric": LOST,
            "source": "measured",
            "evidence": common_path(loss.records),
        }
    means = mean_points(rows, "epoch", variants)
    yield from time_to_accuracy.time_to_accuracy(means, (), exhibit.threshold)


def plot(table: pd.DataFrame) -> Figure:
    """Draw the methods by what they lose, a panel for each of the losses and costs."""
    from reports.exhibits.data_table import cross_table
    from reports.exhibits.dots import dots
    from reports.exhibits.figure import BAR, Figure, Panel, axis_title, spread_of

    points = table.assign(name=table["series"], kind=BAR)
    lost = points[points["y_name"] == LOST].sort_values("y")
    order = list(dict.fromkeys([*lost["name"], *points["name"]]))
    drawn = {metric: points[(points["y_name"] == metric) & points["y"].notna()] for metric in DRAWN}
    panels = tuple(
        Panel(axis_title(rows["y_label"]), dots(rows, order), _in_words(rows))
        for rows in drawn.values()
        if not rows.empty
    )
    labels = list(dict.fromkeys(points["y_label"]))
    crossed = cross_table(points, "method", ("name", order), ("y_label", labels))
    return Figure((), panels, points, spread_of(lost), (crossed,))


def _in_words(rows: pd.DataFrame) -> str:
    from reports.exhibits.figure import axis_title
    from reports.exhibits.quantity import quantity

    told = (f"{row['name']} {quantity(row['y'], row['unit'])}" for _, row in rows.iterrows())
    return f"{axis_title(rows['y_label']).capitalize()}: {', '.join(told)}."


KIND = Kind(
    name="methods",
    summary="What methods lose, the bytes that they move and their epochs to an accuracy, a row a method.",
    keys=Methods,
    check=check_names,
    chart=Chart(
        stage="experiments",
        tabulate=tabulate,
        plot=plot,
        metrics={
            LOST: accuracy_for_bytes.METRICS[LOST],
            EPOCHS: time_to_accuracy.METRICS[EPOCHS],
        },
    ),
)
