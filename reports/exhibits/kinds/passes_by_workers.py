"""Speed-up of the authors' passes that train and of those that test, against workers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from msgspec import UNSET, Meta

from records.metric import Metric
from records.study import Study
from reports.exhibits.checks import check_chart
from reports.exhibits.contract import Chart, Fault, Kind
from reports.exhibits.keys import AxisKeys
from reports.exhibits.results import Results
from reports.exhibits.their_points import chosen_runs, timed_passes

if TYPE_CHECKING:
    import pandas as pd

    from reports.exhibits.figure import Figure

METRICS: Final = {
    "training_speedup": Metric(
        label="speedup of training",
        unit="×",
        summary="Time of a pass that trains with one worker over the time of one.",
    ),
    "testing_speedup": Metric(
        label="speedup of testing",
        unit="×",
        summary="The same of passes over the training samples that only test, and merge nothing.",
    ),
}
"""The metrics of such a chart."""

SECONDS: Final = {"training_speedup": "seconds", "testing_speedup": "test_seconds"}
"""What each metric is called in ``authors.csv``, as seconds."""

TOKENS: Final = ("one", "merged")
"""Colours of the lines."""


class PassesByWorkers(AxisKeys, frozen=True, kw_only=True, tag="passes_by_workers"):
    """Configuration of a chart of the authors' passes that train and that test, against workers."""

    x: Annotated[Literal["workers"], Meta(description="Its axis: numbers of workers.")]


def check_names(
    exhibit: PassesByWorkers, study: Study, properties: Collection[str]
) -> Iterator[Fault]:
    """Check the names in the chart, and that it says whose passes it shows."""
    yield from check_chart(exhibit, study, "timings", METRICS)
    if exhibit.authors is UNSET:
        yield "authors", "such a chart shows nothing else; name the machines of their runs"


def tabulate(exhibit: PassesByWorkers, results: Results) -> Iterator[dict[str, Any]]:
    """Yield the speed-ups of the passes that the exhibit names; nothing is ours."""
    if exhibit.authors is UNSET:
        return
    rows = chosen_runs(results.authors, exhibit.authors)
    for metric in exhibit.metrics:
        for point in timed_passes(rows, SECONDS[metric], "speedup"):
            yield {**point, "metric": metric}


def plot(table: pd.DataFrame) -> Figure:
    """Draw speed-ups against workers, one line for passes that train and one for those that test."""
    from reports.exhibits.axes import Axes
    from reports.exhibits.composition import compose
    from reports.exhibits.figure import Series

    names = dict.fromkeys(table["series"])
    series = [Series(str(name), token) for name, token in zip(names, TOKENS, strict=False)]
    return compose(
        table.assign(name=table["series"]), series, Axes(x_log=True, y_log=True, y_title="speedup")
    )


KIND = Kind(
    name="passes_by_workers",
    summary="Speed-ups of the authors' passes that train and of those that test, against workers.",
    keys=PassesByWorkers,
    check=check_names,
    chart=Chart(
        stage="timings", tabulate=tabulate, plot=plot, metrics=METRICS, authors=True, ours=False
    ),
)
