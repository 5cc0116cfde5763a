"""Bars of the parts of work: what one thread's work consists of, or facts of a property."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct, field

from records.errors import InputError
from records.study import Study
from reports.exhibits.checks import check_chart, unknown
from reports.exhibits.contract import Chart, Fault, Kind
from reports.exhibits.keys import ChartKeys, Machines, Name
from reports.exhibits.results import Results, shown_rows
from reports.tables.facts import Facts
from reports.tables.host import HOST
from reports.tables.metrics import SHARE_METRICS

if TYPE_CHECKING:
    import pandas as pd

    from reports.exhibits.figure import Figure


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fact of a property as a part of a bar."""

    fact: Annotated[Name, Meta(description="Way to the number in the property's record.")]
    part: Annotated[Name, Meta(description="Name of the part.")]
    bar: Annotated[Name, Meta(description="Name of the bar.")]


class Profile(ChartKeys, frozen=True, kw_only=True, tag="profile"):
    """Configuration of a profile: of a timing's shares, or with ``facts`` of a property.

    With ``facts`` it needs ``property`` and has no ``experiment``; without, it needs ``experiment`` and has no
    ``property``.
    """

    experiment: Annotated[
        Name, Meta(description="The timing whose shares it shows; not together with `facts`.")
    ] = ""
    hardware: Machines = (HOST,)
    examined: Annotated[
        Name, Meta(description="The property that has the facts; see docs/properties.md.")
    ] = field(default="", name="property")
    facts: Annotated[
        tuple[Part, ...],
        Meta(min_length=1, description="Facts that it shows instead of a timing's shares."),
    ] = ()

    @property
    def panels(self) -> tuple[str, ...]:
        """Factors that distinguish the bars."""
        return ("bar",) if self.facts else self.panel


def check_names(exhibit: Profile, study: Study, properties: Collection[str]) -> Iterator[Fault]:
    """Check the property, or the names of the timing, and that not both are given."""
    if bool(exhibit.facts) != bool(exhibit.examined):
        yield "facts", "expected `facts` and `property` together"
    elif bool(exhibit.facts) == bool(exhibit.experiment):
        yield "experiment", "expected either `experiment`, or `facts` and `property`"
    elif exhibit.facts:
        yield from unknown(exhibit.examined, properties, "property")
    else:
        yield from check_chart(exhibit, study, "timings", SHARE_METRICS)


def tabulate(exhibit: Profile, results: Results) -> Iterator[dict[str, Any]]:
    """Yield the parts of the bars."""
    if exhibit.facts:
        return fact_points(exhibit, results.properties)
    return profiled_points(shown_rows(results.timings, exhibit), results.metrics(exhibit))


def profiled_points(rows: pd.DataFrame, metrics: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the shares of a variant's work on one thread, in the order of the metrics: medians of the repeats.

    Parameters
    ----------
    rows
        Rows of ``timings.csv`` of one timing.
    metrics
        Names of `reports.tables.metrics.SHARE_METRICS`.

    Yields
    ------
    dict
        A point: its factors (variant, hardware, source, workers, metric) and some columns of ``exhibits.csv``.
    """
    from reports.tables.marks import mark_of
    from reports.tables.tidy import common_path

    here = (rows["hardware"] == HOST) & (rows["source"] == "measured")
    for variant, own in rows[here].groupby("variant", sort=False):
        for metric in metrics:
            for workers, repeats in own[own["metric"] == metric].groupby("workers"):
                yield {
                    "variant": variant,
                    "hardware": HOST,
                    "source": "measured",
                    "workers": workers,
                    "metric": metric,
                    "y": repeats["value"].median(),
                    "mark": mark_of(repeats["mark"]),
                    "evidence": common_path(repeats["record"]),
                }


def fact_points(exhibit: Profile, properties: Mapping[str, Facts]) -> Iterator[dict[str, Any]]:
    """Yield the facts of a property that an exhibit shows, each a part of a bar.

    Parameters
    ----------
    exhibit
        The exhibit.
    properties
        Facts by the name of the property; without its property, an exhibit has no points.

    Yields
    ------
    dict
        A point: the bar that it belongs to, its label, and some columns of ``exhibits.csv``.

    Raises
    ------
    InputError
        If the property has no such fact.
    """
    known = properties.get(exhibit.examined)
    if known is None:
        return
    for entry in exhibit.facts:
        yield {
            "bar": entry.bar,
            "label": entry.part,
            "source": "measured",
            "metric": exhibit.metrics[0],
            "y": _number(known, entry.fact),
            "evidence": known.path,
        }


def _number(known: Facts, way: str) -> float:
    """Return a fact; of repeats, the median."""
    numbers = known.numbers(way)
    if not numbers:
        raise InputError(f"{known.path}: there is no fact {way}, which an exhibit shows")
    return median(numbers)


def plot(table: pd.DataFrame) -> Figure:
    """Draw a bar a method, and beneath it the paper's, hollow."""
    from reports.exhibits.work_bars import work_bars

    return work_bars(table)


KIND = Kind(
    name="profile",
    summary="The parts of a method's work as bars, and beneath them the paper's.",
    keys=Profile,
    check=check_names,
    chart=Chart(stage="timings", tabulate=tabulate, plot=plot),
)
