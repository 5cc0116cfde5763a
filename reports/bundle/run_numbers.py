"""Numbers of our own runs out of an edition's tables, by where the runs stand in the configuration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from records.errors import InputError, nearest
from reports.exhibits.quantity import PERCENT, POINTS
from reports.tables.tidy import EPOCHS, TIMINGS, at_last_epoch, read_table
from reports.verdicts import claims, findings

Numbers: TypeAlias = "pd.Series[float]"
"""Numbers by seed."""


class RunNumbers:
    """Numbers of runs; accuracies, other shares and their differences are in percent.

    Parameters
    ----------
    tables
        The folder that holds a folder of tables for each study.
    studies
        The studies' names.
    """

    def __init__(self, tables: Path, studies: Sequence[str]) -> None:
        self._tables = tables
        self._studies = studies
        self._variants = cache(self._read_variants)
        self._judged = cache(self._read_judged)

    def functions(self) -> dict[str, Callable[..., Any]]:
        """Return the functions that expressions may use, by name."""
        of_runs = (self.runs, self.test, self.train, self.peak, self.last_epoch)
        return {function.__name__: function for function in (*of_runs, self.seconds, self.ours)}

    def test(self, path: str, workers: int | None = None, **chosen: int) -> Numbers:
        """Return the accuracy on the test samples by seed, chosen as in `runs`."""
        return self.runs(path, "test_accuracy", workers, **chosen)

    def train(self, path: str, workers: int | None = None, **chosen: int) -> Numbers:
        """Return the accuracy on the training samples by seed, chosen as in `runs`."""
        return self.runs(path, "train_accuracy", workers, **chosen)

    def runs(
        self,
        path: str,
        metric: str,
        workers: int | None = None,
        epoch: int | None = None,
        seed: int | None = None,
    ) -> Numbers:
        """Return a metric of runs by seed.

        Parameters
        ----------
        path
            Study, experiment and variant, with slashes between them.
        metric
            The metric's name.
        workers
            The number of workers; needed where the variant was run with several.
        epoch
            The epoch; the last one by default.
        seed
            The only seed; all by default.

        Raises
        ------
        InputError
            If there are no such runs, if one diverged, or if they have several numbers of workers.
        """
        rows = self._curves(path, metric, workers)
        rows = at_last_epoch(rows) if epoch is None else _chosen(rows, "epoch", epoch)
        rows = rows if seed is None else _chosen(rows, "seed", seed)
        return rows.set_index("seed")["value"].sort_index()

    def peak(self, path: str, metric: str, workers: int | None = None) -> Numbers:
        """Return the greatest value of a metric after any epoch by seed; the runs are chosen as in `runs`."""
        return self._curves(path, metric, workers).groupby("seed")["value"].max()

    def last_epoch(
        self, path: str, metric: str, above: float, workers: int | None = None
    ) -> Numbers:
        """Return the last epoch with a metric above a limit by seed; the runs are chosen as in `runs`."""
        rows = self._curves(path, metric, workers)
        return rows["epoch"].where(rows["value"] > above).groupby(rows["seed"]).max()

    def seconds(self, path: str, workers: int | None = None, machine: str | None = None) -> float:
        """Return the seconds of a timing.

        Parameters
        ----------
        path, workers
            The timing, chosen as in `runs`.
        machine
            The machine that the time was modelled for. By default it is the median of those measured on the machine of
            the runs.

        Raises
        ------
        InputError
            If there is no such timing, or if there are several numbers of workers.
        """
        rows = _chosen(self._rows(path, "timings"), "metric", "seconds")
        rows = _chosen(rows, "source", "measured" if machine is None else "modelled")
        rows = rows if machine is None else _chosen(rows, "hardware", machine)
        return float(_only(rows, "workers", workers)["value"].median())

    def ours(self, judged: str, number: str | None = None) -> float:
        """Return our number of a claim or of a finding.

        Parameters
        ----------
        judged
            The id of the claim or finding.
        number
            The reading of the claim, or the name of the finding's number; needed where there are several.

        Raises
        ------
        InputError
            If there is no such number, or if there are several.
        """
        rows = _only(_chosen(self._judged(), "id", judged), "number", number)
        if len(rows) > 1:
            raise InputError(f"{judged} has several numbers of that name")
        return float(_in_percent(rows, "ours").iloc[0])

    def _curves(self, path: str, metric: str, workers: int | None) -> pd.DataFrame:
        """Return the rows of ``epochs.csv`` of a metric of runs, shares in percent."""
        rows = _only(_chosen(self._rows(path, "epochs"), "metric", metric), "workers", workers)
        if rows["value"].isna().any():
            raise InputError("a run diverged")
        return rows.assign(value=_in_percent(rows, "value"))

    def _rows(self, path: str, table: str) -> pd.DataFrame:
        """Return the rows of a variant in a table."""
        study, _, variant = path.partition("/")
        if study not in self._studies:
            raise InputError(f"no study {study!r}; {nearest(study, self._studies)}")
        variants = self._variants(study, table)
        if variant not in variants:
            raise InputError(
                f"{study} has no {variant!r} in {table}.csv; {nearest(variant, variants)}"
            )
        return variants[variant]

    def _read_variants(self, study: str, table: str) -> dict[str, pd.DataFrame]:
        columns = {"epochs": EPOCHS, "timings": TIMINGS}[table]
        rows = read_table(self._tables / study / f"{table}.csv", columns)
        return {
            "/".join(map(str, names)): own for names, own in rows.groupby(["experiment", "variant"])
        }

    def _read_judged(self) -> pd.DataFrame:
        """Read the numbers of all claims and findings."""
        columns = ["id", "number", "ours", "unit"]
        tables = []
        for study in self._studies:
            folder = self._tables / study
            found = read_table(folder / "findings.csv", findings.COLUMNS)
            claimed = read_table(folder / "claims.csv", claims.COLUMNS)
            tables += [found[columns], claimed.rename(columns={"reading": "number"})[columns]]
        return pd.concat(tables, ignore_index=True)


def _chosen(rows: pd.DataFrame, column: str, value: Any) -> pd.DataFrame:
    """Return the rows with a value in a column, of which there must be some."""
    found: pd.DataFrame = rows.loc[rows[column] == value]
    if found.empty:
        raise InputError(f"no {column} {value!r}; {nearest(str(value), rows[column].unique())}")
    return found


def _only(rows: pd.DataFrame, column: str, value: Any) -> pd.DataFrame:
    """Return the rows with a value in a column; without it, all rows if they have the same."""
    if value is not None:
        return _chosen(rows, column, value)
    if len(values := rows[column].unique()) > 1:
        raise InputError(f"several values of {column}: {', '.join(map(str, values))}; choose one")
    return rows


def _in_percent(rows: pd.DataFrame, column: str) -> Numbers:
    """Return a column of numbers that have a unit, fractions in percent."""
    return rows[column] * rows["unit"].isin([*PERCENT, POINTS]).map({True: 100.0, False: 1.0})
