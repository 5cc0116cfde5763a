"""A drawn exhibit: what a page shows of the points of one, in a file that is written once and read by all pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pandas as pd
from msgspec import Struct
from msgspec.structs import replace

from records.convert import convert
from records.study import Study
from reports.exhibits.data_table import Comparison, DataTable
from reports.exhibits.figure import AUTHORS, OURS
from reports.exhibits.figure_view import FigureView, with_pictures
from reports.exhibits.registry import KINDS
from reports.files import read_json


class DrawnExhibit(Struct, frozen=True, forbid_unknown_fields=True):
    """An exhibit's figure and its tables.

    Attributes
    ----------
    figure
        The figure.
    difference
        How far our numbers are from those that the paper prints; None where no number of ours stands beside one.
    comparisons
        The paper's numbers beside ours.
    beside
        The paper's numbers without a series of ours, with ours at the same places.
    tables
        All points of ours.
    """

    figure: FigureView
    difference: FigureView | None
    comparisons: tuple[Comparison, ...]
    beside: tuple[DataTable, ...]
    tables: tuple[DataTable, ...]

    def with_pictures(self, name: str) -> DrawnExhibit:
        """Draw the picture of each panel; `name` is that of the exhibit."""
        apart = self.difference and with_pictures(self.difference, f"{name}-difference")
        return replace(self, figure=with_pictures(self.figure, name), difference=apart)

    def encode(self) -> bytes:
        """Return the content of its file."""
        return msgspec.json.encode(self) + b"\n"


def with_points(study: Study, points: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the names of a study's exhibits that have points to draw, each with its rows of exhibits.csv.

    What a paper prints, or its authors measured, is drawn beside points of ours, unless the kind shows none of these.
    """
    for name, entry in study.exhibits.items():
        own, chart = points[points["exhibit"] == name], KINDS.named(entry["chart"]).chart
        sources = OURS if chart is None or chart.ours else (AUTHORS,)
        if own["source"].isin(sources).any():
            yield name, own


def read_drawn(path: Path) -> DrawnExhibit:
    """Read the file of a drawn exhibit.

    Raises
    ------
    InputError
        If the file is missing or not that of a drawn exhibit.
    """
    return convert(read_json(path), DrawnExhibit, str(path))


def read_all_drawn(study: Study, points: pd.DataFrame, folder: Path) -> dict[str, DrawnExhibit]:
    """Read the drawn exhibits of a study, by name.

    Parameters
    ----------
    study
        The study's resolved configuration.
    points
        Its rows of exhibits.csv.
    folder
        The folder that holds a folder of figures for each study.

    Raises
    ------
    InputError
        If an exhibit with points of ours was not drawn.
    """
    own = folder / study.id
    return {name: read_drawn(own / f"{name}.json") for name, _ in with_points(study, points)}
