"""Absolute times: nanoseconds a weight and sample with one worker, the authors' and ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any, Final

from msgspec import UNSET

from records.authors import AuthorsRun, Spread
from reports.exhibits.figure import AUTHORS, MEASURED
from reports.exhibits.quantity import in_column
from reports.exhibits.variants import Variant
from reports.pages.paper_tables import PaperTables
from reports.tables.host import HOST, THIS_MACHINE

NANO: Final = 1e9

Json = Mapping[str, Any]


@dataclass(frozen=True)
class AbsoluteRow:
    """The time of a training with one worker, and what of it falls to a weight and a sample.

    Attributes
    ----------
    paper, machine
        Whose training, and where.
    source
        ``authors`` or ``measured``.
    layers
        Neurons of the network's layers.
    samples
        Samples that were trained on, once for each epoch.
    seconds
        The median seconds.
    nanoseconds
        Nanoseconds of a weight and a sample.
    times_ours
        How many times ours they are; empty for ours, and where ours was not timed.
    """

    paper: str
    machine: str
    source: str
    layers: str
    samples: int
    seconds: str
    nanoseconds: str
    times_ours: str


@dataclass(frozen=True)
class _Training:
    machine: str
    source: str
    layers: tuple[int, ...]
    samples: int
    seconds: float

    @property
    def nanoseconds(self) -> float:
        weights = sum(below * above for below, above in pairwise(self.layers))
        return NANO * self.seconds / (self.samples * weights)


def absolute_times(
    papers: Sequence[PaperTables], titles: Mapping[str, str], datasets: Sequence[Json]
) -> Iterator[AbsoluteRow]:
    """Yield what a training with one worker took the authors of a paper, and what ours takes here.

    Ours is the timing that the model of the paper's program rests on.

    Parameters
    ----------
    papers
        The papers with their tables.
    titles
        Titles of the machines by id.
    datasets
        The prepared datasets, as ``provenance.json`` has them.
    """
    known = {each["name"]: each for each in datasets}
    for paper in papers:
        theirs = list(_authors(paper, titles))
        ours = list(_ours(paper, known)) if theirs else []
        for each in [*theirs, *ours]:
            ratio = [each.nanoseconds / own.nanoseconds for own in ours if own is not each]
            yield AbsoluteRow(
                paper=paper.name,
                machine=each.machine,
                source=each.source,
                layers="-".join(map(str, each.layers)),
                samples=each.samples,
                seconds=in_column(each.seconds),
                nanoseconds=in_column(each.nanoseconds),
                times_ours=in_column(ratio[0]) if ratio else "",
            )


def _authors(paper: PaperTables, titles: Mapping[str, str]) -> Iterator[_Training]:
    authors = paper.study.authors
    if authors is UNSET:
        return
    for run in authors.runs:
        if run.workers == 1:
            yield _Training(
                machine=titles[run.machine],
                source=AUTHORS,
                layers=authors.layers,
                samples=authors.scale.samples * authors.scale.epochs,
                seconds=_median(run),
            )


def _median(run: AuthorsRun) -> float:
    times = run.training
    return times.median if isinstance(times, Spread) else median(times)


def _ours(paper: PaperTables, datasets: Mapping[str, Json]) -> Iterator[_Training]:
    model = paper.study.model
    if model is UNSET:
        return
    timing = paper.study.timings[model.timing]
    settings, rows = timing.variants[model.variant], paper.timings
    measured = rows[
        Variant("", model.timing, model.variant).rows(rows)
        & (rows["hardware"] == HOST)
        & (rows["source"] == MEASURED)
        & (rows["metric"] == "seconds")
        & (rows["status"] == "completed")
        & (rows["workers"] == 1)
    ]
    dataset = datasets.get(paper.study.edition.datasets[timing.dataset])
    if measured.empty or dataset is None:
        return
    height, width = dataset["image"]
    samples = settings.samples.train or dataset["splits"]["train"]["samples"]
    yield _Training(
        machine=THIS_MACHINE,
        source=MEASURED,
        layers=(height * width, *settings.network.hidden, dataset["classes"]),
        samples=samples * settings.training.epochs,
        seconds=float(measured["value"].median()),
    )
