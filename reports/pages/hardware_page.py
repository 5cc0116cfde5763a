"""The hardware page: facts of the machines, the time of every method on each, and the errors of the models."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from reports.exhibits.data_table import Cell, DataTable, data_tables
from reports.exhibits.figure import MEASURED, MODELLED, PUBLISHED, Figure
from reports.exhibits.figure_view import FigureView, figure_view, with_pictures
from reports.exhibits.hardware_charts import (
    part_bars,
    published_validation,
    speedups,
    unseen_validation,
)
from reports.exhibits.machine_maps import agreement, best_speedups, efficiencies
from reports.exhibits.quantity import NONE, PERCENT, in_column, missing, percent, quantity, signed
from reports.exhibits.time_parts import parts_table, time_parts
from reports.exhibits.variants import timed_variants
from reports.pages.absolute_times import absolute_times
from reports.pages.blind_test import blind_tests
from reports.pages.host_errors import causes, host_errors, judged, marks, missed
from reports.pages.machine_view import LABELS, MachineView, machine_views
from reports.pages.model_summary import Summary, other_campaigns
from reports.pages.model_tests import best_baseline_errors, model_tests
from reports.pages.paper_tables import PaperTables
from reports.pages.test_passes import told
from reports.tables.host import HOST, part_of_host
from reports.tables.metrics import METRICS
from reports.tables.model_error import BASELINES, of_left_out_points

LAWS: Final = {
    "amdahl_serial_share": "Amdahl’s serial share",
    "gustafson_serial_share": "Gustafson’s serial share",
    "usl_contention": "Contention σ",
    "usl_coherence": "Coherence κ",
    "usl_best_workers": "Best number of workers",
}

OVERVIEW: Final = (
    "cores",
    "threads_per_core",
    "base_clock_ghz",
    "max_clock_ghz",
    "l3_kib",
    "memory_gb",
)
"""The facts in the table that compares the machines."""

Json = Mapping[str, Any]


@dataclass(frozen=True)
class ErrorRow:
    """The errors of the models of one method: of the points that are judged, and how many are not.

    Attributes
    ----------
    what
        The method.
    noisy
        The number of points that are not judged, since other programs ran.
    summary
        The errors of all others; None if there are none.
    """

    what: str
    noisy: int
    summary: Summary | None


@dataclass(frozen=True)
class PointRow:
    """A published speed-up beside the model's: fitted without the point, its error, and fitted with the point.

    Beside the error stand that of the best baseline and how far the authors' own campaigns lie apart on the machine.
    """

    machine: str
    workers: int
    observed: str
    blind: str
    error: str
    baseline: str
    campaigns: str
    fitted: str
    where: str


@dataclass(frozen=True)
class PaperModel:
    """The model of a paper's own program: its points, a summary of its errors, and its known limits.

    Attributes
    ----------
    campaigns
        How far the authors' own campaigns lie apart; empty if that is not known.
    tests
        Whether what merges nothing scales worse; empty if that is not known.
    """

    paper: str
    rows: tuple[PointRow, ...]
    summary: Summary
    note: str
    campaigns: str
    tests: str


@dataclass(frozen=True)
class ParameterRow:
    """A parameter of models, with the program and the machines that they model."""

    program: str
    machines: str
    meaning: str
    value: str
    unit: str
    origin: str


@dataclass(frozen=True)
class LawTable:
    """The scaling laws of one method: one row per machine and source, one cell per parameter."""

    title: str
    rows: tuple[tuple[str, str, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class Drawn:
    """A figure and the tables of its numbers."""

    figure: FigureView
    tables: tuple[DataTable, ...]


def hardware(provenance: Json, papers: Sequence[PaperTables]) -> dict[str, Any]:
    """Return the variables of the page's template.

    Parameters
    ----------
    provenance
        The content of ``provenance.json``.
    papers
        The papers with their tables.

    Returns
    -------
    dict
        The template's variables.
    """
    names = {paper.id: paper.name for paper in papers}
    machines = machine_views(provenance, names)
    titles = {machine.id: machine.title for machine in machines}
    errors = host_errors(papers)
    parts = {
        variant.name: time_parts(paper, variant, machines)
        for paper in papers
        for variant in timed_variants(paper.study)
    }
    return {
        "machines": machines,
        "labels": LABELS,
        "overview": OVERVIEW,
        "best": _drawn(best_speedups(papers, machines, errors), "best"),
        "efficiency": _drawn(efficiencies(papers, machines), "efficiency"),
        "comparison": _drawn(speedups(papers, machines), "comparison"),
        "host": _drawn(agreement(errors, names), "host"),
        "host_rows": tuple(_host_rows(papers, errors)),
        "host_judged": judged(errors),
        "host_missed": tuple(missed(errors, causes(papers))),
        "marks": marks(papers, provenance["calibrations"]),
        "published": _drawn(published_validation(papers, titles), "published"),
        "baselines": BASELINES,
        "tests": model_tests(papers),
        "models": tuple(_models(papers, titles)),
        "unseen": _drawn(unseen_validation(papers, titles), "unseen"),
        "blind_tests": tuple(blind_tests(papers, titles)),
        "absolute": tuple(absolute_times(papers, titles, provenance["datasets"])),
        "parameters": tuple(_parameters(papers, titles)),
        "laws": tuple(_laws(papers, machines)),
        "law_names": tuple(LAWS.values()),
        "parts": _drawn(part_bars(parts), "parts"),
        "parts_tables": tuple(
            parts_table(name, rows) for name, rows in parts.items() if not rows.empty
        ),
    }


def _drawn(figure: Figure | None, name: str) -> Drawn | None:
    if figure is None:
        return None
    tables = () if "panel" not in figure.points else data_tables(figure)
    return Drawn(with_pictures(figure_view(figure), name), tables)


def _host_rows(papers: Sequence[PaperTables], errors: pd.DataFrame) -> Iterator[ErrorRow]:
    for paper in papers:
        own = errors[errors["paper"] == paper.id]
        for variant in timed_variants(paper.study):
            rows = own[variant.rows(own)]
            if len(rows):
                quiet = rows[rows["quiet"]]
                summary = None if quiet.empty else Summary.of(quiet)
                yield ErrorRow(variant.name, len(rows) - len(quiet), summary)


def _models(papers: Sequence[PaperTables], titles: Mapping[str, str]) -> Iterator[PaperModel]:
    for paper in papers:
        rows, authors = of_left_out_points(paper.model_error), paper.study.authors
        if len(rows):
            baseline = best_baseline_errors(paper.model_error)
            yield PaperModel(
                paper=paper.name,
                rows=tuple(_point(row, titles, baseline) for row in rows.to_dict("records")),
                summary=Summary.of(rows),
                note=paper.study.model.note if paper.study.model else "",
                campaigns=other_campaigns(authors, titles) if authors else "",
                tests=told(authors, titles) if authors else "",
            )


def _point(
    row: Mapping[Hashable, Any],
    titles: Mapping[str, str],
    baseline: Mapping[tuple[str, int], str],
) -> PointRow:
    return PointRow(
        machine=titles[row["machine"]],
        workers=int(row["workers"]),
        observed=in_column(row["observed"]),
        blind=in_column(row["predicted"]),
        error=signed(row["relative_error"]),
        baseline=baseline.get((row["machine"], int(row["workers"])), NONE),
        campaigns=NONE
        if missing(row["campaign_difference"])
        else percent(row["campaign_difference"]),
        fitted=in_column(row["fitted_prediction"]),
        where=str(row["where"]),
    )


def _parameters(papers: Sequence[PaperTables], titles: Mapping[str, str]) -> Iterator[ParameterRow]:
    """Yield the parameters of the models, each once, with the machines that it applies to."""
    for paper in papers:
        for variant in timed_variants(paper.study):
            own = paper.parameters[variant.rows(paper.parameters)]
            # One worker's time on another machine is this host's, scaled by the clocks: leave it out.
            shown = (own["parameter"] != "one_worker") | (own["origin"] == PUBLISHED)
            factors = ["implementation", "parameter", "value", "origin"]
            for _, rows in own[shown].groupby(factors, sort=False):
                first = rows.iloc[0]
                theirs = first["implementation"] == "paper"
                machines = ", ".join(titles[name] for name in rows["machine"])
                others = "every machine" if len(rows) == len(titles) else "every other machine"
                yield ParameterRow(
                    program=f"{paper.name}: its own program" if theirs else variant.name,
                    machines=machines if theirs else others,
                    meaning=str(first["meaning"]),
                    value=in_column(first["value"]),
                    unit=str(first["unit"]),
                    origin=str(first["origin"]),
                )


def _laws(papers: Sequence[PaperTables], machines: Sequence[MachineView]) -> Iterator[LawTable]:
    for paper in papers:
        for variant in timed_variants(paper.study):
            own = paper.scaling[variant.rows(paper.scaling)]
            own = own[own["metric"].isin(LAWS) & (own["workers"].max() > 1)]
            curves = dict(list(own.groupby(["machine", "source"])))
            rows = tuple(
                (_machine(machine, source), source, tuple(_law_cells(curves[machine.id, source])))
                for machine in machines
                for source in (MEASURED, MODELLED, PUBLISHED)
                if (machine.id, source) in curves
            )
            if rows:
                yield LawTable(variant.name, rows)


def _machine(machine: MachineView, source: str) -> str:
    """Name a machine; timings measured for another machine ran on as many cores of this one."""
    if source != MEASURED or machine.id == HOST:
        return machine.title
    return part_of_host(machine.cores)


def _law_cells(rows: pd.DataFrame) -> Iterator[Cell]:
    by_metric = rows.set_index("metric")
    for law in LAWS:
        row = by_metric.loc[law]
        unit = METRICS[law].unit
        ends = [in_column(row[end], unit) for end in ("lower", "upper") if not missing(row[end])]
        value = quantity(row["value"], unit if unit in PERCENT else "")
        yield Cell(value, " to ".join(ends))
