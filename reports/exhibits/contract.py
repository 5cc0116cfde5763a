"""What a kind of exhibit is: its configuration keys, the names that these must lead to, its table and its drawing.

A kind is one file of `reports.exhibits.kinds` with a constant ``KIND``; `reports.exhibits.registry` finds it there. The
pipeline asks all kinds for their keys at every start. So neither this module nor a kind imports pandas, altair or
anything else that takes long: functions that tabulate or draw import it where they need it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from msgspec import UNSET

from records.convert import convert
from records.errors import InputError, nearest
from records.metric import Metric
from records.study import Study
from reports.exhibits.drawings import Drawing, Models
from reports.exhibits.keys import ChartKeys, Exhibit
from reports.exhibits.layout import Point
from reports.exhibits.results import Results
from reports.exhibits.scene import Scene
from reports.tables.metrics import METRICS, TIMING_METRICS, Stage, run_metrics

if TYPE_CHECKING:
    import pandas as pd

    from reports.exhibits.data_table import Comparison
    from reports.exhibits.figure import Figure

Keys = TypeVar("Keys", bound=Exhibit)
Charted = TypeVar("Charted", bound=ChartKeys)

Fault: TypeAlias = tuple[str, str]
"""A mistake in an exhibit: the way to the key from the exhibit, such as ``published[0].variant``, and the mistake."""

Check: TypeAlias = Callable[[Keys, Study, Collection[str]], Iterator[Fault]]
"""Yields the names in an exhibit that lead nowhere, given its study and the names of all properties."""


def _check_nothing(exhibit: Exhibit, study: Study, properties: Collection[str]) -> Iterator[Fault]:
    """Yield no mistake, for kinds that name nothing of their study."""
    yield from ()


@dataclass(frozen=True, kw_only=True)
class Chart(Generic[Charted]):
    """How a kind shows runs or timings.

    Attributes
    ----------
    stage
        Whether its variants are those of experiments or of timings.
    tabulate
        Yields our points, given the exhibit and the results of its study.
    plot
        Draws the exhibit's rows of ``exhibits.csv``, completed, each with the ``token`` of its variant and the
        ``machine_token`` of its machine; none where these have no colour that is the same in every figure. Rows of
        timings have the samples that were trained on, as their ``work``.
    metrics
        Metrics of its points that no table has.
    authors
        Whether it can show the authors' own runs beside ours.
    ours
        Whether it shows runs or timings of ours, without which there is nothing to draw; else it shows the authors'
        own alone.
    """

    stage: Stage
    tabulate: Callable[[Charted, Results], Iterator[Point]]
    plot: Callable[[pd.DataFrame], Figure]
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    authors: bool = False
    ours: bool = True


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[Keys]):
    """A kind of exhibit. It has exactly one of `chart`, `drawing` and `comparisons`.

    Attributes
    ----------
    name
        Its name: the value of the key ``chart`` in a configuration, and the name of its file.
    summary
        What it shows, in one sentence.
    keys
        Type of its entry in a configuration.
    check
        Yields the names in an entry that lead nowhere; none unless given.
    chart
        How it shows runs or timings, if it does.
    drawing
        Makes a drawing of the configuration or of a dataset, if that is what it shows.
    comparisons
        Sets published settings beside ours, if that is what it shows.
    strategy
        Returns the strategy that it draws, and of which variant; for drawings of a strategy, whose words are then in
        the study's ``diagrams``.
    """

    name: str
    summary: str
    keys: type[Keys]
    check: Check[Keys] = _check_nothing
    chart: Chart[Any] | None = None
    drawing: Callable[[Keys, Models], Drawing] | None = None
    comparisons: Callable[[Keys, Models], tuple[Comparison, ...]] | None = None
    strategy: Callable[[Keys, Study], Scene] | None = None

    def __post_init__(self) -> None:
        """Check that there is one way to show it."""
        if sum(each is not None for each in (self.chart, self.drawing, self.comparisons)) != 1:
            message = f"{self.name}: state one of chart, drawing and comparisons"
            raise ValueError(message)

    def faults(self, exhibit: Keys, study: Study, properties: Collection[str]) -> Iterator[Fault]:
        """Yield the mistakes that `check` finds, and published points whose metric no such chart shows."""
        yield from self.check(exhibit, study, properties)
        if self.chart is None or not isinstance(exhibit, ChartKeys):
            return
        of_stage = TIMING_METRICS if self.chart.stage == "timings" else run_metrics(study)
        for name in self.chart.metrics.keys() & {*study.metrics, *METRICS}:
            yield "chart", f"the kind {self.name!r} has a metric with the name of another, {name!r}"
        if exhibit.authors is not UNSET and not self.chart.authors:
            yield (
                "authors",
                f"a chart of the kind {self.name!r} cannot show the authors' own runs; leave them out",
            )
        known = [*self.chart.metrics, *of_stage]
        for place, point in enumerate(exhibit.published):
            if point.metric is not UNSET and point.metric not in known:
                fault = f"there is no {point.metric!r}; {nearest(point.metric, known)}"
                yield f"published[{place}].metric", fault

    def read(self, entry: Mapping[str, Any], where: str = "exhibit") -> Keys:
        """Return an entry of a configuration as this kind's keys.

        Parameters
        ----------
        entry
            The entry.
        where
            The way to it, for the error.

        Raises
        ------
        InputError
            If a key is missing or unknown, or a value is not allowed: the first mistake, with its key.
        """
        return convert(entry, self.keys, where)

    def draw(self, table: pd.DataFrame, study: Study) -> Figure:
        """Draw the figure of an exhibit.

        Parameters
        ----------
        table
            The exhibit's rows of ``exhibits.csv``.
        study
            Its study's resolved configuration.

        Raises
        ------
        InputError
            If this kind shows no runs.
        """
        from reports.exhibits.colours import machine_tokens, variant_tokens
        from reports.exhibits.composition import complete
        from reports.exhibits.equal_work import samples_trained

        if self.chart is None:
            raise InputError(f"an exhibit of the kind {self.name!r} has no chart")
        tokens = table["variant"].map(variant_tokens(study))
        machines = table["hardware"].map(machine_tokens(study))
        rows = complete(table).assign(token=tokens, machine_token=machines)
        if self.chart.stage == "timings":
            rows["work"] = samples_trained(table, study)
        return self.chart.plot(rows)
