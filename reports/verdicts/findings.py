"""Findings: what it takes to reach a paper's numbers, with the numbers that show it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from msgspec import UNSET

from records.claims import Finding
from records.errors import InputError
from records.study import Study
from reports.study import read_study
from reports.tables import authors as theirs
from reports.tables import model_error as errors
from reports.tables.facts import read_facts
from reports.tables.properties import read_properties
from reports.tables.record_list import read_list
from reports.tables.tidy import EPOCHS, TIMINGS, name_evidence, read_table, table, write_table
from reports.verdicts.claims import judge_claims, tested_elsewhere
from reports.verdicts.curve import MissingEvidenceError
from reports.verdicts.curves import Evidence
from reports.verdicts.outcome import Outcome, check
from reports.verdicts.readings import readings

COLUMNS: tuple[str, ...] = (
    "id",
    "paper",
    "question",
    "number",
    "published",
    "ours",
    "unit",
    "seeds",
    "interval",
    "source",
    "expected",
    "holds",
    "reason",
    "evidence",
)

YES, NO = "yes", "no"
"""The values of the column ``holds``."""


def write_judgements(
    paper: Path,
    epochs: Path,
    timings: Path,
    authors: Path,
    model_error: Path,
    records: Path,
    folder: Path,
) -> None:
    """Write ``claims.csv`` and ``findings.csv`` of a paper, from the same evidence, and its ``readings.csv``.

    Parameters
    ----------
    paper
        The paper's resolved configuration (JSON).
    epochs, timings, authors, model_error
        The paper's tables of these names.
    records
        The paper's record list, for datasets and properties.
    folder
        The folder of the tables.

    Raises
    ------
    InputError
        If a file is missing or invalid, or a test is configured wrongly.
    """
    resolved, files = read_study(paper), read_list(records)
    evidence = Evidence(
        epochs=read_table(epochs, EPOCHS),
        timings=read_table(timings, TIMINGS),
        datasets=dict(read_facts(files.datasets).records),
        model_error=read_table(model_error, errors.COLUMNS),
        properties=dict(read_properties(files.properties).records),
        stand_ins=resolved.edition.datasets,
        confidence=resolved.confidence,
        authors=read_table(authors, theirs.COLUMNS),
    )
    write_table(judge_claims(resolved, evidence), folder / "claims.csv")
    write_table(judge_findings(resolved, evidence), folder / "findings.csv")
    write_table(readings([resolved]), folder / "readings.csv")


def judge_findings(paper: Study, evidence: Evidence) -> pd.DataFrame:
    """Compare the numbers of every finding with those that its answer needs.

    Parameters
    ----------
    paper
        The resolved configuration of the paper.
    evidence
        The tables of its runs.

    Returns
    -------
    DataFrame
        One row per number, with the columns of ``findings.csv``. If the edition has no such number, ``holds`` is
        empty and ``reason`` says why.

    Raises
    ------
    InputError
        If a test is configured wrongly.
    """
    return table(
        (row for finding in paper.findings for row in _rows(finding, paper, evidence)), COLUMNS
    )


def _rows(finding: Finding, paper: Study, evidence: Evidence) -> Iterator[dict[str, Any]]:
    absent = tested_elsewhere(finding, paper.edition.name)
    for number in finding.numbers:
        row = {
            "id": finding.id,
            "paper": paper.id,
            "question": finding.question,
            "number": number.name,
            "published": None if number.published is UNSET else number.published,
        }
        if absent:
            yield {**row, "reason": absent}
            continue
        try:
            yield {**row, **_found(check(number, evidence))}
        except MissingEvidenceError as missing:
            yield {**row, "reason": f"Missing: {missing}."}
        except InputError as error:
            raise InputError(f"{finding.id}: {error}") from None


def _found(outcome: Outcome) -> dict[str, Any]:
    return {
        **outcome.estimate.cells,
        "expected": outcome.expectation.words,
        "holds": YES if outcome.holds else NO,
        "reason": outcome.sentence,
        "evidence": name_evidence(outcome.estimate.records),
    }
