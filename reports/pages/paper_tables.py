"""A study with the tables and the figures that the pages show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from records.study import Study
from reports.exhibits import columns as exhibits
from reports.exhibits.drawn_exhibit import DrawnExhibit, read_all_drawn
from reports.study import read_study
from reports.tables import model_error, scaling
from reports.tables import tidy as tables
from reports.tables.tidy import read_table
from reports.verdicts import claims as verdicts
from reports.verdicts import findings

TABLES = {
    "exhibits": exhibits.COLUMNS,
    "claims": verdicts.COLUMNS,
    "findings": findings.COLUMNS,
    "epochs": tables.EPOCHS,
    "timings": tables.TIMINGS,
    "model_error": model_error.COLUMNS,
    "scaling": scaling.COLUMNS,
    "parameters": tables.PARAMETERS,
}
"""The tables that the pages show, with their columns."""


@dataclass(frozen=True)
class PaperTables:
    """A study: its resolved configuration, its tables and its drawn exhibits by name."""

    study: Study
    exhibits: pd.DataFrame
    claims: pd.DataFrame
    findings: pd.DataFrame
    epochs: pd.DataFrame
    timings: pd.DataFrame
    model_error: pd.DataFrame
    scaling: pd.DataFrame
    parameters: pd.DataFrame
    figures: Mapping[str, DrawnExhibit] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Name of the study in paths."""
        return self.study.id

    @property
    def name(self) -> str:
        """The study's name on the pages."""
        return self.study.name

    def points(self, exhibit: str) -> pd.DataFrame:
        """Return the points of an exhibit."""
        return self.exhibits[self.exhibits["exhibit"] == exhibit]


def read_tables(study: Study, folder: Path) -> PaperTables:
    """Read the tables of a study.

    Parameters
    ----------
    study
        The study's resolved configuration.
    folder
        The folder that holds a folder of tables for each study.

    Raises
    ------
    InputError
        If a table is missing or has other columns.
    """
    own = folder / study.id
    tables: dict[str, Any] = {
        name: read_table(own / f"{name}.csv", columns) for name, columns in TABLES.items()
    }
    return PaperTables(study, **tables)


def read_whole(path: Path, tables: Path, figures: Path) -> PaperTables:
    """Read a study with its tables and figures.

    Parameters
    ----------
    path
        The study's resolved configuration.
    tables, figures
        The folders that hold a folder of tables, or of figures, for each study.

    Raises
    ------
    InputError
        If a file is missing or not what it should be.
    """
    found = read_tables(read_study(path), tables)
    return replace(found, figures=read_all_drawn(found.study, found.exhibits, figures))


def joined(studies: Sequence[PaperTables], name: str) -> pd.DataFrame:
    """Return a table of all these studies, by its name."""
    tables: list[pd.DataFrame] = [getattr(study, name) for study in studies]
    return pd.concat(tables, ignore_index=True)
