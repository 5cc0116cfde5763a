"""Tidy tables: one row per fact, written as CSV."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from records.atomic import write_text
from records.errors import InputError
from records.kinds.run import NamedRunRecord
from records.metric import Metric
from records.record import DELETE
from reports.tables.calibrations import read_calibrations
from reports.tables.collections import Member
from reports.tables.predictions import Prediction, read_predictions
from reports.tables.record_list import read_list
from reports.tables.repeats import read_timings
from reports.tables.rows import Timed, epoch_rows, parameter_rows, timing_rows
from reports.tables.runs import read_runs

EXPERIMENT_DEPTH: Final = 5
"""Number of parts in the path of an experiment's records: ``results/<edition>/<stage>/<paper>/<experiment>``."""

EVIDENCE_SEPARATOR: Final = "; "

RUN: Final = ["experiment", "variant", "workers", "seed"]
"""The columns that identify a run of a paper."""

EPOCHS: tuple[str, ...] = (
    "edition",
    "paper",
    "experiment",
    "variant",
    "strategy",
    "dataset",
    "workers",
    "seed",
    "epoch",
    "metric",
    "value",
    "unit",
    "source",
    "status",
    "environment",
    "record",
)
TIMINGS: tuple[str, ...] = (
    "edition",
    "paper",
    "experiment",
    "variant",
    "strategy",
    "dataset",
    "workers",
    "hardware",
    "cores",
    "repeat",
    "metric",
    "value",
    "unit",
    "source",
    "ran_on",
    "mark",
    "oversubscribed",
    "status",
    "environment",
    "record",
)
PARAMETERS: tuple[str, ...] = (
    "edition",
    "paper",
    "experiment",
    "variant",
    "strategy",
    "machine",
    "implementation",
    "parameter",
    "value",
    "unit",
    "origin",
    "meaning",
    "evidence",
)


def write_records(kind: str, records: Path, edition: str, output: Path) -> None:
    """Write the table of the records in a list, leaving out those that are missing or damaged.

    Parameters
    ----------
    kind
        ``epochs`` for runs, or ``timings`` for timings, measured and modelled, and profiles.
    records
        The record list.
    edition
        Name of the edition.
    output
        The table to write.

    Raises
    ------
    InputError
        If the file is not a record list.
    """
    files = read_list(records)
    if kind == "epochs":
        made = tabulate_epochs(read_runs(files.runs).records, files.metrics, edition)
    else:
        timed: list[Timed] = [
            *read_timings(files.timings).records,
            *read_predictions(files.predictions).records,
            *read_calibrations(files.calibrations).records,
        ]
        made = tabulate_timings(timed, edition)
    write_table(made, output)


def tabulate_epochs(
    records: Iterable[Member[NamedRunRecord]], metrics: Mapping[str, Metric], edition: str
) -> pd.DataFrame:
    """Tabulate runs: one row per metric of an epoch, and a last row without a value for a diverged run."""
    rows = (row for record in records for row in epoch_rows(record, metrics, edition))
    return table(rows, EPOCHS)


def tabulate_timings(records: Iterable[Timed], edition: str) -> pd.DataFrame:
    """Tabulate timings (one row per repeat), predictions (one for the time and one per part of it) and profiles."""
    return table((row for record in records for row in timing_rows(record, edition)), TIMINGS)


def tabulate_parameters(records: Iterable[Prediction], edition: str) -> pd.DataFrame:
    """Tabulate the parameters of predictions, one row each."""
    return table((row for record in records for row in parameter_rows(record, edition)), PARAMETERS)


def table(rows: Iterable[dict[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Return a table of rows with exactly these columns, in this order."""
    return pd.DataFrame.from_records(list(rows), columns=list(columns))


def read_table(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Read a table; only an empty cell is missing.

    Raises
    ------
    InputError
        If the file is missing, is not a table, or has other columns.
    """
    found = _read_csv(path, keep_default_na=False, na_values=[""])
    if tuple(found.columns) != tuple(columns):
        raise InputError(
            f"{path}: expected the columns {', '.join(columns)}, got {', '.join(found.columns)}"
        )
    return found


def write_table(data: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV, floats with full precision."""
    write_text(path, csv_of(data))


def csv_of(data: pd.DataFrame) -> str:
    """Return a table as CSV, floats with full precision."""
    return str(data.to_csv(index=False, lineterminator="\n"))


def at_last_epoch(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ``epochs.csv`` at the last epoch of each run."""
    return rows[rows["epoch"] == rows.groupby(RUN)["epoch"].transform("max")]


def common_path(records: Iterable[str]) -> str:
    """Return the only file, or the nearest folder that holds all of the files."""
    paths = sorted(set(records))
    return Path(os.path.commonpath(paths)).as_posix() if paths else ""


def name_evidence(records: Iterable[str]) -> str:
    """Name the evidence of a number in one cell: a file or folder for each experiment, timing or other source.

    Examples
    --------
    >>> name_evidence(["results/e/runs/p/one/a", "results/e/runs/p/one/b", "results/e/timings/p/two/a"])
    'results/e/runs/p/one; results/e/timings/p/two/a'
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for record in sorted(set(records)):
        groups.setdefault(Path(record).parts[:EXPERIMENT_DEPTH], []).append(record)
    return EVIDENCE_SEPARATOR.join(common_path(group) for group in groups.values())


def split_evidence(cell: str) -> list[str]:
    """Return the files and folders in a cell that `name_evidence` wrote."""
    return cell.split(EVIDENCE_SEPARATOR) if cell else []


def _read_csv(path: Path, **options: Any) -> pd.DataFrame:
    try:
        found: pd.DataFrame = pd.read_csv(path, **options)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not a CSV table ({str(error).strip()})", DELETE) from None
    return found
