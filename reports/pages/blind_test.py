"""Blind test: fitted models against what authors measured and did not print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports.exhibits.data_table import Cell
from reports.exhibits.figure import AUTHORS
from reports.exhibits.quantity import NONE, in_column, percent, signed
from reports.pages.model_summary import Summary
from reports.pages.paper_tables import PaperTables
from reports.tables.model_error import METHODS


@dataclass(frozen=True)
class Score:
    """The errors of a method on a machine, beside the difference of the authors' other campaigns there."""

    machine: str
    method: str
    summary: Summary
    campaigns: str


@dataclass(frozen=True)
class UnseenRow:
    """What no fit has seen: speed-up and seconds, with quartiles, each prediction with its error.

    Attributes
    ----------
    machine, workers
        Whose and of how many workers.
    observed, seconds
        The median pass, and the quartiles.
    predictions
        The speed-up that each method predicts, with its error as the note.
    predicted_seconds
        The seconds that the model predicts, with their error.
    campaigns
        The difference of the authors' other campaigns on the machine.
    """

    machine: str
    workers: int
    observed: Cell
    predictions: tuple[Cell, ...]
    campaigns: str
    seconds: Cell
    predicted_seconds: Cell


@dataclass(frozen=True)
class BlindTest:
    """The blind test of a paper's model: the errors of each method, in all, by machine and point by point.

    Attributes
    ----------
    paper
        The paper.
    model, seconds
        The model's errors in speed-up and in seconds.
    within
        How many of the model's errors are no larger than the difference of the authors' other campaigns.
    nearest
        Which methods have the smallest median and the smallest worst error on each machine, in words.
    scores
        The errors of each method, on all machines first.
    methods
        The methods' names, in the order of the predictions of a row.
    rows
        The unseen points.
    """

    paper: str
    model: Summary
    seconds: Summary
    within: int
    nearest: str
    scores: tuple[Score, ...]
    methods: tuple[str, ...]
    rows: tuple[UnseenRow, ...]


def unseen(paper: PaperTables) -> pd.DataFrame:
    """Return the rows of ``model_error.csv`` against what the authors measured and did not print."""
    return paper.model_error[paper.model_error["against"] == AUTHORS]


def blind_tests(papers: Sequence[PaperTables], titles: Mapping[str, str]) -> Iterator[BlindTest]:
    """Yield the blind test of each paper whose authors left more than they printed.

    Parameters
    ----------
    papers
        The papers with their tables.
    titles
        Titles of the machines by id.
    """
    for paper in papers:
        rows = unseen(paper)
        if rows.empty:
            continue
        speedups = rows[rows["metric"] == "speedup"]
        seconds = rows[(rows["metric"] == "seconds") & (rows["method"] == "model")]
        models = speedups[speedups["method"] == "model"]
        yield BlindTest(
            paper=paper.name,
            model=Summary.of(models),
            seconds=Summary.of(seconds),
            within=int((models["relative_error"].abs() <= models["campaign_difference"]).sum()),
            nearest=_nearest(speedups, titles),
            scores=tuple(_scores(speedups, titles)),
            methods=tuple(METHODS.values()),
            rows=tuple(_rows(rows, titles)),
        )


def _nearest(speedups: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """Say which methods have the smallest median and the smallest worst error on each machine."""
    found: dict[str, list[str]] = {"median": [], "worst": []}
    for machine, own in speedups.groupby("machine", sort=False):
        errors = own["relative_error"].abs().groupby(own["method"])
        for which, by_method in (("median", errors.median()), ("worst", errors.max())):
            method, least = str(by_method.idxmin()), percent(by_method.min())
            found[which].append(f"{METHODS[method]} on the {titles[str(machine)]} ({least})")
    return " ".join(
        f"The smallest {which} error: {', '.join(own)}." for which, own in found.items()
    )


def _scores(speedups: pd.DataFrame, titles: Mapping[str, str]) -> Iterator[Score]:
    machines = dict(list(speedups.groupby("machine", sort=False)))
    scopes = {titles[str(machine)]: own for machine, own in machines.items()}
    if len(scopes) > 1:
        scopes = {"all": speedups, **scopes}
    for scope, own in scopes.items():
        for method, rows in own.groupby("method", sort=False):
            yield Score(scope, METHODS[str(method)], Summary.of(rows), _campaigns(rows))


def _rows(rows: pd.DataFrame, titles: Mapping[str, str]) -> Iterator[UnseenRow]:
    for (machine, _), own in rows.groupby(["machine", "workers"], sort=False):
        numbers = {
            (metric, method): found.iloc[0]
            for (metric, method), found in own.groupby(["metric", "method"])
        }
        speedup, seconds = numbers["speedup", "model"], numbers["seconds", "model"]
        yield UnseenRow(
            machine=titles[str(machine)],
            workers=int(speedup["workers"]),
            observed=_observed(speedup),
            predictions=tuple(_predicted(numbers["speedup", method]) for method in METHODS),
            campaigns=_campaigns(own),
            seconds=_observed(seconds),
            predicted_seconds=_predicted(seconds),
        )


def _observed(row: pd.Series[Any]) -> Cell:
    quartiles = f"{in_column(row['observed_lower'])} to {in_column(row['observed_upper'])}"
    return Cell(in_column(row["observed"]), quartiles)


def _predicted(row: pd.Series[Any]) -> Cell:
    return Cell(in_column(row["predicted"]), signed(row["relative_error"]))


def _campaigns(rows: pd.DataFrame) -> str:
    """Print how far the authors' other campaigns lie on the machine of the rows; a dash for several machines."""
    known = rows["campaign_difference"].dropna().unique()
    return percent(known[0]) if len(known) == 1 else NONE
