"""An exhibit as a page shows it: the figure, its legend, its tables and what lies behind them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from reports.exhibits.data_table import Comparison, DataTable
from reports.exhibits.drawings import Drawing
from reports.exhibits.drawn_exhibit import DrawnExhibit
from reports.exhibits.figure import PUBLISHED
from reports.exhibits.figure_view import FigureView
from reports.exhibits.keys import Exhibit
from reports.pages.links import Link, links


@dataclass(frozen=True)
class ExhibitView:
    """An exhibit of the paper and ours beside it; without figure, drawing and comparisons where nothing was run."""

    name: str
    label: str
    title: str
    note: str
    figure: FigureView | None
    comparisons: tuple[Comparison, ...]
    beside: tuple[DataTable, ...]
    tables: tuple[DataTable, ...]
    evidence: tuple[Link, ...]
    drawing: Drawing | None
    experiment: str
    divergence: str
    fitted: bool


def exhibit_view(
    name: str,
    exhibit: Exhibit,
    points: pd.DataFrame,
    site: Path,
    drawn: DrawnExhibit | None = None,
    drawing: Drawing | None = None,
    settings: tuple[Comparison, ...] = (),
    divergence: str = "",
    fitted: bool = False,
) -> ExhibitView:
    """Prepare an exhibit for a page.

    Parameters
    ----------
    name, exhibit
        The exhibit and its name.
    points
        Its rows of exhibits.csv.
    site
        The folder that the page will stand in.
    drawn
        Its figure and tables, if it has points of ours.
    drawing
        What to show instead of points, for an exhibit that shows no runs.
    settings
        Published settings beside ours, for an exhibit that lists them.
    divergence
        Which runs diverged and have no point.
    fitted
        Whether what is modelled is fitted to what the paper prints.

    Returns
    -------
    ExhibitView
        What the page shows.
    """
    ours = points[points["source"] != PUBLISHED]
    return ExhibitView(
        name=name,
        label=exhibit.label,
        title=exhibit.title,
        note=exhibit.note,
        figure=drawn.figure if drawn else None,
        comparisons=drawn.comparisons if drawn else settings,
        beside=drawn.beside if drawn else (),
        tables=drawn.tables if drawn else (),
        evidence=links(ours["evidence"].dropna(), site),
        drawing=drawing,
        experiment=getattr(exhibit, "experiment", ""),
        divergence=divergence,
        fitted=fitted,
    )
