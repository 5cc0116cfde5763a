"""How long strategies take to reach an accuracy: epochs by the runs, seconds by a timing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from msgspec import Meta

from records.metric import Metric
from records.study import Study
from reports.exhibits.checks import check_runs, check_timing
from reports.exhibits.contract import Chart, Fault, Kind
from reports.exhibits.keys import TimedKeys, Timing
from reports.exhibits.layout import Point
from reports.exhibits.results import Results
from reports.exhibits.run_points import run_points
from reports.exhibits.timed_points import epoch_seconds

if TYPE_CHECKING:
    import pandas as pd

    from reports.exhibits.figure import Figure


class TimeToAccuracy(TimedKeys, frozen=True, kw_only=True, tag="time_to_accuracy"):
    """Configuration of a chart of the time to an accuracy."""

    x: Annotated[Literal["workers"], Meta(description="Its axis: numbers of workers.")]
    timing: Timing
    threshold: Annotated[
        float, Meta(gt=0, lt=1, description="The accuracy to reach, as a mean over the seeds.")
    ]


def check_names(
    exhibit: TimeToAccuracy, study: Study, properties: Collection[str]
) -> Iterator[Fault]:
    """Check the names in the chart, and that the timing is of its runs."""
    yield from check_runs(exhibit, study, properties)
    yield from check_timing(exhibit, exhibit.timing, study)


def tabulate(exhibit: TimeToAccuracy, results: Results) -> Iterator[dict[str, Any]]:
    """Yield the epochs and the seconds to the accuracy."""
    seconds = epoch_seconds(exhibit.timing, exhibit.hardware, results)
    means = run_points(exhibit, results, "epoch")
    yield from time_to_accuracy(means, seconds, exhibit.threshold)


def time_to_accuracy(
    means: Iterable[Point], epochs: Iterable[Point], threshold: float
) -> Iterator[dict[str, Any]]:
    """Yield after how many epochs, and how many seconds, each variant first reaches an accuracy.

    Parameters
    ----------
    means
        Mean accuracies over the seeds, by variant, number of workers and epoch.
    epochs
        Seconds of an epoch, by variant, number of workers, machine and source.
    threshold
        The accuracy.

    Yields
    ------
    dict
        A point for the epochs, and one for the seconds on each machine; without a value where no epoch ends so high.
    """
    courses: dict[tuple[str, int], list[Point]] = {}
    for mean in means:
        courses.setdefault((mean["variant"], mean["workers"]), []).append(mean)
    needed = {key: _first_reaching(course, threshold) for key, course in courses.items()}
    for key, course in courses.items():
        ends = {"lower": None, "upper": None}
        yield {**course[-1], **ends, "metric": "epochs_to_accuracy", "y": needed[key]}
    for epoch in epochs:
        key = (epoch["variant"], epoch["workers"])
        if key in needed:
            times = {end: _times(epoch[end], needed[key]) for end in ("y", "lower", "upper")}
            yield {**epoch, **times, "metric": "seconds_to_accuracy"}


def _first_reaching(course: Iterable[Point], threshold: float) -> int | None:
    return min((int(mean["epoch"]) for mean in course if mean["y"] >= threshold), default=None)


def _times(seconds: float | None, epochs: int | None) -> float | None:
    return None if seconds is None or epochs is None else seconds * epochs


def plot(table: pd.DataFrame) -> Figure:
    """Draw the epochs and the seconds to an accuracy against workers; both axes are logarithmic.

    What was never reached has no point, and is named.
    """
    from reports.exhibits.axes import Axes
    from reports.exhibits.composition import compose
    from reports.exhibits.figure import spread_of
    from reports.exhibits.series import by_strategy

    points = table.assign(name=table["series"])
    reached = points[points["y"].notna()]
    axes = Axes(x_log=True, y_log=True, shared_y=False)
    figure = compose(reached, by_strategy(points), axes)
    # Epochs are whole and have no band; how seconds scatter is the repeats' to say.
    remarks = (spread_of(points[points["unit"] == "s"]), _not_reached(points))
    return replace(figure, points=points, remark=" ".join(filter(None, remarks)))


def _not_reached(points: pd.DataFrame) -> str:
    """Name what never reached the accuracy, each strategy with its numbers of workers."""
    missed = points[points["y"].isna()].groupby("name", sort=False)["workers"]
    named = [
        f"{name} with {' and '.join(f'{count:g}' for count in sorted(set(counts)))}"
        for name, counts in missed
    ]
    return f"Not reached: {'; '.join(named)} workers." if named else ""


METRICS: Final = {
    "epochs_to_accuracy": Metric(
        label="epochs to the accuracy",
        unit="epochs",
        summary="Epochs until the seeds' mean reaches the accuracy.",
    ),
    "seconds_to_accuracy": Metric(
        label="time to the accuracy",
        unit="s",
        summary="Those epochs times the seconds of an epoch.",
    ),
}

KIND = Kind(
    name="time_to_accuracy",
    summary="The epochs and the seconds to an accuracy against workers, one line a strategy.",
    keys=TimeToAccuracy,
    check=check_names,
    chart=Chart(stage="experiments", tabulate=tabulate, plot=plot, metrics=METRICS),
)
