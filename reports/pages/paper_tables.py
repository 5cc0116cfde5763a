"""A paper with the tables and the figures that the pages show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from reports.exhibits import columns as exhibits
from reports.exhibits.drawn_exhibit import DrawnExhibit, read_all_drawn
from reports.pages.paper import Paper, read_paper
from reports.tables import model_error, scaling
from reports.tables import tidy as tables
from reports.tables.tidy import read_table
from reports.verdicts import claims as verdicts
from reports.verdicts import findings

TABLES = {
    "exhibits": exhibits.COLUMNS,
    "claims": verdicts.COLUMNS,
    "findings": findings.COLUMNS,
    "timings": tables.TIMINGS,
    "model_error": model_error.COLUMNS,
    "scaling": scaling.COLUMNS,
    "parameters": tables.PARAMETERS,
}
"""The tables that the pages show, with their columns."""


@dataclass(frozen=True)
class PaperTables:
    """A paper: its resolved configuration, its tables and its drawn exhibits by name."""

    paper: Paper
    exhibits: pd.DataFrame
    claims: pd.DataFrame
    findings: pd.DataFrame
    timings: pd.DataFrame
    model_error: pd.DataFrame
    scaling: pd.DataFrame
    parameters: pd.DataFrame
    figures: Mapping[str, DrawnExhibit] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Name of the paper in paths."""
        return str(self.paper["id"])

    @property
    def name(self) -> str:
        """The paper's name on the pages."""
        return str(self.paper.get("name", self.id))

    def points(self, exhibit: str) -> pd.DataFrame:
        """Return the points of an exhibit."""
        return self.exhibits[self.exhibits["exhibit"] == exhibit]


def read_tables(paper: Paper, folder: Path) -> PaperTables:
    """Read the tables of a paper.

    Parameters
    ----------
    paper
        The paper's resolved configuration.
    folder
        The folder that holds a folder of tables for each paper.

    Raises
    ------
    InputError
        If a table is missing or has other columns.
    """
    own = folder / paper["id"]
    tables: dict[str, Any] = {
        name: read_table(own / f"{name}.csv", columns) for name, columns in TABLES.items()
    }
    return PaperTables(paper, **tables)


def read_study(path: Path, tables: Path, figures: Path) -> PaperTables:
    """Read a paper with its tables and figures.

    Parameters
    ----------
    path
        The paper's resolved configuration.
    tables, figures
        The folders that hold a folder of tables, or of figures, for each paper.

    Raises
    ------
    InputError
        If a file is missing or not what it should be.
    """
    study = read_tables(read_paper(path), tables)
    return replace(study, figures=read_all_drawn(study.paper, study.exhibits, figures))


def joined(papers: Sequence[PaperTables], name: str) -> pd.DataFrame:
    """Return a table of all papers, by its name."""
    tables: list[pd.DataFrame] = [getattr(paper, name) for paper in papers]
    return pd.concat(tables, ignore_index=True)
