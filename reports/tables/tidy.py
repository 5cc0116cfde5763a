"""Records become tidy tables: one row a fact, in CSV."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, TypeAlias

import pandas as pd

from records.atomic import write_text
from records.errors import InputError
from reports.files import DELETE
from reports.tables.calibrations import ProfileRecord, read_profiles
from reports.tables.host import HOST
from reports.tables.metrics import METRICS
from reports.tables.predictions import PredictionRecord, read_predictions
from reports.tables.record_list import read_list
from reports.tables.repeats import TimingRecord, read_timings
from reports.tables.runs import RunRecord, read_runs

EXPERIMENT_DEPTH: Final = 5
"""Parts of the path of an experiment's records: ``results/<edition>/<stage>/<paper>/<experiment>``."""

EVIDENCE_SEPARATOR: Final = "; "

RUN: Final = ["experiment", "variant", "workers", "seed"]
"""Columns that tell the runs of a paper apart."""

Timed: TypeAlias = TimingRecord | PredictionRecord | ProfileRecord
"""What ``timings.csv`` is made of."""

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
    """Write a table of a list of records, as far as they could be made and are whole.

    Parameters
    ----------
    kind
        ``epochs``, of runs, or ``timings``, of timings, measured and modelled, and profiles.
    records
        The list.
    edition
        Name of the edition.
    output
        The table.

    Raises
    ------
    InputError
        If the list is none.
    """
    files = read_list(records)
    if kind == "epochs":
        made = tabulate_epochs(read_runs(files.runs).records, edition)
    else:
        timed: list[Timed] = [
            *read_timings(files.timings).records,
            *read_predictions(files.predictions).records,
            *read_profiles(files.calibrations).records,
        ]
        made = tabulate_timings(timed, edition)
    write_table(made, output)


def write_joined(paths: Sequence[Path], output: Path) -> None:
    """Write the tables of several papers as one."""
    write_table(join_tables(paths), output)


def tabulate_epochs(records: Iterable[RunRecord], edition: str) -> pd.DataFrame:
    """Lay out run records, one row a metric of an epoch; a diverged run has a last one, of no value, where it ends."""
    return table((row for record in records for row in _epoch_rows(record, edition)), EPOCHS)


def tabulate_timings(records: Iterable[Timed], edition: str) -> pd.DataFrame:
    """Lay out timings, one row a repeat; predictions, one row for the time and for each part of it; and profiles."""
    return table((row for record in records for row in _timing_rows(record, edition)), TIMINGS)


def tabulate_parameters(records: Iterable[PredictionRecord], edition: str) -> pd.DataFrame:
    """Lay out what predictions rest on, one row a parameter."""
    return table(
        (row for record in records for row in _parameter_rows(record, edition)), PARAMETERS
    )


def table(rows: Iterable[dict[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows as a table with just these columns, in this order."""
    return pd.DataFrame.from_records(list(rows), columns=list(columns))


def read_table(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Read a table with every number as it was written.

    Raises
    ------
    InputError
        If the file is missing, is not a table, or has other columns.
    """
    found = _read_csv(path, keep_default_na=False, na_values=[""])
    if tuple(found.columns) != tuple(columns):
        raise InputError(
            f"{path}: the columns are {', '.join(found.columns)}; they must be {', '.join(columns)}"
        )
    return found


def write_table(data: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV, floats with full precision."""
    write_text(path, csv_of(data))


def csv_of(data: pd.DataFrame) -> str:
    """Return a table as CSV, floats with full precision."""
    return str(data.to_csv(index=False, lineterminator="\n"))


def join_tables(paths: Sequence[Path]) -> pd.DataFrame:
    """Put the tables of several papers under one another, each value as it stands.

    Raises
    ------
    InputError
        If a table has other columns than the first.
    """
    tables = [_read_csv(path, dtype=str, keep_default_na=False) for path in paths]
    for path, other in zip(paths, tables, strict=True):
        if list(other.columns) != list(tables[0].columns):
            raise InputError(
                f"{path}: the columns differ from those of {paths[0]}; only tables of one kind can be joined"
            )
    return pd.concat(tables, ignore_index=True)


def ran_on(source: str) -> str | None:
    """Return what a number's program ran on: ``host`` if it was measured, on however many of its cores."""
    return HOST if source == "measured" else None


def at_last_epoch(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ``epochs.csv`` that are of the last epoch of their run."""
    return rows[rows["epoch"] == rows.groupby(RUN)["epoch"].transform("max")]


def common_path(records: Iterable[str]) -> str:
    """Return the one file, or the nearest folder that holds all of the files."""
    paths = sorted(set(records))
    return Path(os.path.commonpath(paths)).as_posix() if paths else ""


def name_evidence(records: Iterable[str]) -> str:
    """Name what a number rests on: a file or folder for each experiment, timing or other source, in one cell.

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
    """Return the files and folders that a cell names, as `name_evidence` joined them."""
    return cell.split(EVIDENCE_SEPARATOR) if cell else []


def _read_csv(path: Path, **options: Any) -> pd.DataFrame:
    try:
        found: pd.DataFrame = pd.read_csv(path, **options)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not a CSV table ({str(error).strip()})", DELETE) from None
    return found


def _epoch_rows(record: RunRecord, edition: str) -> Iterator[dict[str, Any]]:
    measured: list[tuple[int, str, float | None]] = [
        (epoch, metric, value)
        for epoch, metrics in record.epochs.items()
        for metric, value in metrics.items()
    ]
    if record.diverged_at is not None:
        measured.append((record.diverged_at, "test_accuracy", None))
    for epoch, metric, value in measured:
        yield {
            "edition": edition,
            **asdict(record.subject),
            "epoch": epoch,
            "metric": metric,
            "value": value,
            "unit": METRICS[metric].unit,
            "source": "measured",
            "status": record.status,
            "environment": record.environment,
            "record": record.path.parent.as_posix(),
        }


def _timing_rows(record: Timed, edition: str) -> Iterator[dict[str, Any]]:
    hardware, source = HOST, "measured"
    if isinstance(record, ProfileRecord):
        rows = _profile_rows(record)
    elif isinstance(record, TimingRecord):
        hardware, rows = record.hardware, _measured_rows(record)
    else:
        hardware, source, rows = record.hardware, "modelled", _modelled_rows(record)
    for row in rows:
        yield {
            "edition": edition,
            "hardware": hardware,
            "cores": record.cores,
            "source": source,
            "ran_on": ran_on(source),
            "unit": METRICS[row["metric"]].unit,
            "environment": record.environment,
            "record": record.path.as_posix(),
            **row,
        }


def _measured_rows(record: TimingRecord) -> Iterator[dict[str, Any]]:
    for repeat in record.repeats:
        yield {
            **asdict(record.subject),
            "repeat": repeat.number,
            "metric": "seconds",
            "value": repeat.seconds,
            "mark": repeat.mark,
            "oversubscribed": record.oversubscribed,
            "status": record.status,
        }


def _modelled_rows(record: PredictionRecord) -> Iterator[dict[str, Any]]:
    for timing in record.timings:
        parts = {f"{part}_seconds": value for part, value in timing.parts.items()}
        for metric, value in {"seconds": timing.seconds, **parts}.items():
            yield {
                **asdict(timing.subject),
                "repeat": 1,
                "metric": metric,
                "value": value,
                "oversubscribed": timing.oversubscribed,
                "status": "completed",
            }


def _profile_rows(record: ProfileRecord) -> Iterator[dict[str, Any]]:
    for share, value in record.shares.items():
        yield {
            **asdict(record.subject),
            "repeat": 1,
            "metric": f"{share}_share",
            "value": value,
            "oversubscribed": False,
            "status": "completed",
        }


def _parameter_rows(record: PredictionRecord, edition: str) -> Iterator[dict[str, Any]]:
    subject = record.timings[0].subject
    for parameter in record.parameters:
        yield {
            "edition": edition,
            "paper": subject.paper,
            "experiment": subject.experiment,
            "variant": subject.variant,
            "strategy": subject.strategy,
            "machine": record.hardware,
            "implementation": record.implementation,
            "parameter": parameter.name,
            "value": parameter.value,
            "unit": parameter.unit,
            "origin": parameter.origin,
            "meaning": parameter.meaning,
            "evidence": record.path.as_posix(),
        }
