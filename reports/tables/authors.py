"""What the authors of a paper measured, as a tidy table: their summary, and every pass where the files were fetched."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, Final

import pandas as pd

from records.authors import PASSES, SOURCE, Accuracies, Authors, AuthorsRun, Spread
from records.convert import convert
from reports.tables.tidy import read_table, table, write_table

COLUMNS: tuple[str, ...] = (
    "edition",
    "paper",
    "machine",
    "program",
    "workers",
    "epoch",
    "metric",
    "value",
    "lower",
    "upper",
    "least",
    "most",
    "passes",
    "unit",
    "source",
    "record",
)
"""The columns of ``authors.csv``.

A row without an epoch is of the passes of all epochs, or of all repeats: their median between its quartiles (of
few repeats, between the ends), the fastest and the slowest. A row with an epoch is of that epoch alone.
"""

ACCURACIES: Final = {
    "train": "train_accuracy",
    "test": "test_accuracy",
    "cut_labels": "cut_label_accuracy",
}
"""Metric of the accuracy on each set, and by labels cut to zero."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``python -m reports authors``."""
    parser.add_argument("--edition", required=True, help="name of the edition")
    parser.add_argument("--paper", required=True, metavar="NAME", help="id of the study")
    parser.add_argument(
        "--spec",
        required=True,
        metavar="JSON",
        help="the paper's entry of config/authors.yaml; null if there is none",
    )
    parser.add_argument(
        "--passes",
        nargs="*",
        default=[],
        type=Path,
        metavar="TABLE",
        help="table of all passes (pnncore gather), if there is one",
    )
    parser.add_argument(
        "--output", required=True, type=Path, metavar="TABLE", help="table to write (CSV)"
    )


def run(arguments: argparse.Namespace) -> None:
    """Write ``authors.csv`` of a study; without measurements by its authors, it has no lines."""
    given = json.loads(arguments.spec)
    authors = convert(given, Authors, "--spec") if given else None
    passes = pd.concat(
        [table([], PASSES), *(read_table(each, PASSES) for each in arguments.passes)]
    )
    made = tabulate_authors(arguments.edition, arguments.paper, authors, passes)
    write_table(made, arguments.output)


def tabulate_authors(
    edition: str, paper: str, authors: Authors | None, passes: pd.DataFrame
) -> pd.DataFrame:
    """Tabulate what the authors of a paper measured.

    Parameters
    ----------
    edition, paper
        Names of the edition and of the paper.
    authors
        Their measurements, if there are any.
    passes
        The table of all passes; of runs that it does not have, the summary alone is tabulated.

    Returns
    -------
    DataFrame
        A table with the columns `COLUMNS`.
    """
    if authors is None:
        return table([], COLUMNS)
    rows: list[dict[str, Any]] = []
    for each in authors.runs:
        head = {
            **{"edition": edition, "paper": paper, "machine": each.machine, "source": SOURCE},
            **{"program": each.program or None, "workers": each.workers},
            "record": "; ".join(
                f"{authors.repository}/blob/{authors.commit}/{file.file}" for file in each.files
            ),
        }
        own = _of_run(passes, each)
        counted = _accuracies(each.accuracy) if own.empty else _passes(own, each)
        rows += [head | row for row in (*_seconds(each), *counted)]
    return table(rows, COLUMNS).astype({"epoch": "Int64"})


def _seconds(run: AuthorsRun) -> Iterator[dict[str, Any]]:
    """Yield the seconds of training, and those of tests on the training samples, of all passes."""
    spreads = [(metric, run.training) for metric in _clocks(run)]
    if run.testing:
        spreads.append(("test_seconds", run.testing))
    for metric, spread in spreads:
        found = spread if isinstance(spread, Spread) else Spread.of(spread)
        ends = {end: getattr(found, end) for end in ("lower", "upper", "least", "most")}
        if found is not spread:
            ends |= {"lower": found.least, "upper": found.most}
        yield {
            **{"metric": metric, "unit": "s", "value": found.median, "passes": found.passes},
            **ends,
        }


def _clocks(run: AuthorsRun) -> tuple[str, ...]:
    """Return the metrics that a run's seconds of training are: of one worker's processor time, both.

    A single thread that computes all the time is on the processor as long as by the clock on the wall.
    """
    if run.clock == "wall":
        return ("seconds",)
    return ("seconds", "processor_seconds") if run.workers == 1 else ("processor_seconds",)


def _accuracies(accuracies: Accuracies) -> Iterator[dict[str, Any]]:
    """Yield the accuracies of a summary."""
    for split, metric in ACCURACIES.items():
        for epoch, accuracy in getattr(accuracies, split):
            yield _at_epoch(metric, epoch, [accuracy], "fraction")


def _passes(passes: pd.DataFrame, run: AuthorsRun) -> Iterator[dict[str, Any]]:
    """Yield what every pass says: accuracies, and seconds of trainings."""
    trained = passes[passes["mode"] == "train"]
    counted = passes[passes["accuracy"].notna()]
    measured = [(metric, trained, "seconds", "s") for metric in _clocks(run)]
    measured += [
        (metric, counted[counted["split"] == split], "accuracy", "fraction")
        for split, metric in ACCURACIES.items()
    ]
    for metric, rows, column, unit in measured:
        for epoch, values in rows.groupby("epoch")[column]:
            yield _at_epoch(metric, int(str(epoch)), values.tolist(), unit)


def _at_epoch(metric: str, epoch: int, values: list[float], unit: str) -> dict[str, Any]:
    shared = {"metric": metric, "epoch": epoch, "unit": unit}
    return {**shared, "value": median(values), "passes": len(values)}


def _of_run(passes: pd.DataFrame, run: AuthorsRun) -> pd.DataFrame:
    """Return the passes of a run."""
    own = passes[(passes["machine"] == run.machine) & (passes["workers"] == run.workers)]
    return own[own["program"].astype(object).fillna("") == (run.program or "")]
