"""Views of exhibits: the figure, its legend, its tables and what lies behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from records.kinds.gallery import GalleryRecord
from reports.exhibits.at_work import at_work
from reports.exhibits.data_table import Comparison, DataTable
from reports.exhibits.divergence import divergence
from reports.exhibits.drawings import Drawing, Models
from reports.exhibits.figure import MODELLED, OURS
from reports.exhibits.figure_view import FigureView
from reports.exhibits.registry import KINDS
from reports.pages.links import Link, links
from reports.pages.paper_tables import PaperTables

Json = Mapping[str, Any]


@dataclass(frozen=True)
class ExhibitView:
    """An exhibit of the paper and ours beside it; without figure, drawing and comparisons where nothing was run.

    `fitted` tells whether what is modelled is fitted to what the paper prints, `shows_method` whether it shows how the
    paper's own strategy divides the training, `drawn` whether it is a chart: neither a drawing, a listing nor a list
    of settings, and `sums_up` whether it shows all readings at once. An exhibit of the paper's own numbers says what is
    `given` to reproduce it from; ours say nothing.
    """

    name: str
    label: str
    title: str
    note: str
    given: str
    figure: FigureView | None
    difference: FigureView | None
    comparisons: tuple[Comparison, ...]
    beside: tuple[DataTable, ...]
    tables: tuple[DataTable, ...]
    evidence: tuple[Link, ...]
    drawing: Drawing | None
    experiment: str
    divergence: str
    fitted: bool
    shows_method: bool
    drawn: bool
    sums_up: bool


def exhibit_views(
    tables: PaperTables, provenance: Json, site: Path, albums: Mapping[str, GalleryRecord]
) -> tuple[ExhibitView, ...]:
    """Prepare the exhibits of a study for a page.

    Parameters
    ----------
    tables
        The study with its tables and figures.
    provenance
        The content of ``provenance.json``.
    site
        The folder that the page will stand in.
    albums
        Images of the datasets, by name.

    Returns
    -------
    tuple of ExhibitView
        The exhibits in the order of the configuration.
    """
    models = Models(tables.study, provenance["datasets"], albums)
    return tuple(_exhibit(name, tables, provenance, site, models) for name in tables.study.exhibits)


def _exhibit(
    name: str, tables: PaperTables, provenance: Json, site: Path, models: Models
) -> ExhibitView:
    study, points, drawn = tables.study, tables.points(name), tables.figures.get(name)
    entry = study.exhibits[name]
    kind = KINDS.named(entry["chart"])
    exhibit = kind.read(entry, f"exhibits.{name}")
    with at_work(study.id, name, kind.name):
        drawing = kind.drawing(exhibit, replace(models, exhibit=name)) if kind.drawing else None
        settings = kind.comparisons(exhibit, models) if kind.comparisons else ()
    modelled = (points["source"] == MODELLED).any()
    return ExhibitView(
        name=name,
        label=exhibit.label,
        title=exhibit.title,
        note=exhibit.note,
        given=exhibit.given.words if exhibit.given else "",
        figure=drawn.figure if drawn else None,
        difference=drawn.difference if drawn else None,
        comparisons=drawn.comparisons if drawn else settings,
        beside=drawn.beside if drawn else (),
        tables=drawn.tables if drawn else (),
        evidence=links(points[points["source"].isin(OURS)]["evidence"].dropna(), site),
        drawing=drawing,
        experiment=exhibit.experiment if kind.chart else "",
        divergence=divergence(exhibit, kind.chart.stage, study, provenance) if kind.chart else "",
        fitted=bool(modelled and study.model and study.model.timing == exhibit.experiment),
        shows_method=exhibit.shows_method,
        drawn=kind.chart is not None,
        sums_up=exhibit.sums_up,
    )
