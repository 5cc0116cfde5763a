"""Verdicts on claims: what a paper says, checked against our runs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd
from msgspec import UNSET

from records.check import Check
from records.claims import ClaimEntry, Finding
from records.errors import InputError
from records.study import Study
from reports.exhibits.quantity import POINTS
from reports.tables.tidy import name_evidence, table
from reports.verdicts.curve import MissingEvidenceError, unit_of_difference
from reports.verdicts.curves import Evidence
from reports.verdicts.outcome import MODELLED, Outcome, check
from reports.verdicts.rule import (
    CONTRADICTED,
    NO_TRANSFER,
    NOT_TESTABLE,
    UNDECIDED,
    UNJUDGED,
    Judgement,
    decide,
    holm,
    sentences,
)

SUBSTANTIVE: Final = "substantive"
BY_DEFINITION: Final = "by definition"
"""What a verdict rests on, or `MODELLED`: an independent run, a property of a formula or of our build, or a model."""

YES, NO = "yes", "no"
"""The values of the column ``decides``."""

THEY_HOLD, THEY_FAIL, PARTLY, NOT_RECORDED = (
    "holds",
    "does not hold",
    "holds as far as they recorded it",
    "was not recorded",
)
"""What the authors' own runs say of a claim."""

COLUMNS: tuple[str, ...] = (
    "id",
    "paper",
    "kind",
    "nature",
    "statement",
    "where",
    "exhibit",
    "published",
    "ours",
    "unit",
    "low",
    "high",
    "deviation",
    "deviation_unit",
    "seeds",
    "interval",
    "each",
    "source",
    "reading",
    "decides",
    "counted_with",
    "verdict",
    "reason",
    "earlier",
    "evidence",
    "authors",
    "authors_value",
    "authors_unit",
    "authors_reason",
)


def judge_claims(paper: Study, evidence: Evidence) -> pd.DataFrame:
    """Judge every claim of a paper.

    Parameters
    ----------
    paper
        The resolved configuration of the paper.
    evidence
        The tables of its runs.

    Returns
    -------
    DataFrame
        One row per claim, or per reading of it, with the columns of ``claims.csv``. The first reading decides.

    Raises
    ------
    InputError
        If a claim's test is configured wrongly.
    """
    edition = paper.edition.name
    found = {
        (claim.id, reading): judge(claim, edition, replace(evidence, reading=reading))
        for claim in paper.claims
        for reading in claim.readings or ("",)
    }
    deciding = {(claim.id, (claim.readings or ("",))[0]) for claim in paper.claims}
    found |= _corrected({key: found[key] for key in found if key in deciding})
    earlier = {name: known.earlier for name, known in paper.registered.items()}
    return table(
        (
            _row(claim, reading, found[claim.id, reading], (claim.id, reading) in deciding)
            | {"paper": paper.id, "earlier": earlier.get(claim.id), **_theirs(claim, evidence)}
            for claim in paper.claims
            for reading in claim.readings or ("",)
        ),
        COLUMNS,
    )


def judge(claim: ClaimEntry, edition: str, evidence: Evidence) -> Judgement:
    """Judge one claim in an edition, under the reading of the evidence."""
    if claim.strength == "opinion":
        return Judgement(UNJUDGED, "opinion")
    if claim.not_testable:
        return Judgement(NOT_TESTABLE, claim.not_testable)
    absent = tested_elsewhere(claim, edition)
    if absent:
        return Judgement(NOT_TESTABLE, absent)
    try:
        judgement = decide(
            _outcomes(claim.checks or (), evidence), _outcomes(claim.trend or (), evidence)
        )
    except MissingEvidenceError as missing:
        return Judgement(NOT_TESTABLE, f"Missing: {missing}.")
    except InputError as error:
        raise InputError(f"{claim.id}: {error}") from None
    if claim.stands_in and judgement.verdict == CONTRADICTED:
        return replace(
            judgement, verdict=NO_TRANSFER, reason=f"{claim.stands_in} {judgement.reason}"
        )
    return judgement


def _corrected(found: dict[tuple[str, str], Judgement]) -> dict[tuple[str, str], Judgement]:
    """Return the judgements of those claims that are no longer contradicted once corrected for their number."""
    tested = {key: each.p for key, each in found.items() if each.outcomes}
    sure = holm(tested)
    return {
        key: replace(
            each,
            verdict=UNDECIDED,
            reason=f"Not outside once corrected for {len(tested)} claims. {each.reason}",
        )
        for key, each in found.items()
        if each.verdict == CONTRADICTED and key not in sure
    }


def tested_elsewhere(entry: ClaimEntry | Finding, edition: str) -> str:
    """Name the editions that test a claim or finding; empty if this edition does."""
    if not entry.editions or edition in entry.editions:
        return ""
    tested_in = " and ".join(entry.editions)
    return f"Tested in the {tested_in} edition: this edition's data is not the paper's."


def _row(claim: ClaimEntry, reading: str, judgement: Judgement, decides: bool) -> dict[str, Any]:
    published = claim.published or None
    return {
        "id": claim.id,
        "kind": claim.kind,
        "statement": claim.statement,
        "where": claim.where,
        "exhibit": claim.exhibit or None,
        "published": published.value if published else None,
        "unit": published.unit if published else None,
        "reading": reading,
        "decides": YES if decides else NO,
        "counted_with": claim.counted_with or None,
        "verdict": judgement.verdict,
        "reason": judgement.reason,
        **_found(claim, judgement.outcomes),
    }


def _theirs(claim: ClaimEntry, evidence: Evidence) -> dict[str, Any]:
    """Return the columns that the authors' own runs fill, by the claim's own checks unless it has others for them."""
    if claim.authors is UNSET:
        return {}
    asked = evidence.of_authors(claim.authors.machine)
    outcomes: list[Outcome] = []
    absent: dict[str, list[str]] = {}
    for stated in claim.authors.checks or claim.checks or ():
        try:
            outcomes.append(check(stated, asked))
        except MissingEvidenceError as missing:
            absent.setdefault(str(missing), []).append(stated.name)
        except InputError as error:
            raise InputError(f"{claim.id}: authors: {error}") from None
    untold = [f"Missing: {why} ({'; '.join(names)})." for why, names in absent.items()]
    if not outcomes:
        return {"authors": NOT_RECORDED, "authors_reason": " ".join(untold)}
    held = all(outcome.holds for outcome in outcomes)
    first = outcomes[0].estimate
    return {
        "authors": THEY_FAIL if not held else PARTLY if absent else THEY_HOLD,
        "authors_value": first.cells["ours"],
        "authors_unit": first.unit,
        "authors_reason": " ".join([sentences(outcomes), *untold]),
    }


def _found(claim: ClaimEntry, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the columns that our runs fill; the number is the first check's."""
    if not outcomes:
        return {}
    records = frozenset[str]().union(*(outcome.estimate.records for outcome in outcomes))
    return {
        **outcomes[0].estimate.cells,
        **_deviation(claim, outcomes[0]),
        "low": outcomes[0].expectation.low,
        "high": outcomes[0].expectation.high,
        "nature": _nature(claim, outcomes),
        "evidence": name_evidence(records),
    }


def _deviation(claim: ClaimEntry, first: Outcome) -> dict[str, Any]:
    """Return by how much our number is larger than the published one: in points, or relative to it."""
    ours, unit = first.estimate.centre, first.estimate.unit
    if not claim.published or not math.isfinite(ours):
        return {}
    published, points = claim.published.value, unit_of_difference(unit)
    # Points of a percentage may be published as the fraction that they are.
    if unit_of_difference(claim.published.unit) != points:
        return {}
    if points == POINTS or not published:
        return {"deviation": ours - published, "deviation_unit": points}
    return {"deviation": ours / published - 1, "deviation_unit": "fraction"}


def _nature(claim: ClaimEntry, outcomes: Iterable[Outcome]) -> str:
    if claim.by_definition:
        return BY_DEFINITION
    modelled = any(outcome.estimate.source == MODELLED for outcome in outcomes)
    return MODELLED if modelled else SUBSTANTIVE


def _outcomes(checks: Iterable[Check], evidence: Evidence) -> tuple[Outcome, ...]:
    return tuple(check(stated, evidence) for stated in checks)
