"""Verdicts on claims: what a paper says, checked against our runs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from msgspec import UNSET

from records.check import Check
from records.claims import ClaimEntry, Finding
from records.errors import InputError
from records.study import Study
from reports.exhibits.quantity import printed, within_whole
from reports.tables.intervals import ENOUGH
from reports.tables.tidy import name_evidence, table
from reports.verdicts.curve import MissingEvidenceError
from reports.verdicts.curves import AXES, Evidence
from reports.verdicts.estimates import Estimate, evaluate
from reports.verdicts.expectations import Expectation

REPRODUCED = "reproduced"
TREND_ONLY = "trend only"
CONTRADICTED = "contradicted"
NOT_TESTABLE = "not testable here"
MODELLED, MEASURED, FACT = "modelled", "measured", "fact"
"""What a verdict rests on. A fact is a property of a method or of a dataset and needs no run."""

HOLDS, FAILS = "✓", "✕"
"""The first character of a check's sentence."""

UNJUDGED = ""
"""The verdict column of an opinion."""

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
    "statement",
    "where",
    "exhibit",
    "published",
    "ours",
    "unit",
    "seeds",
    "interval",
    "source",
    "basis",
    "reading",
    "verdict",
    "reason",
    "evidence",
    "authors",
    "authors_value",
    "authors_unit",
    "authors_reason",
)


@dataclass(frozen=True)
class Outcome:
    """The outcome of one check of a claim.

    Attributes
    ----------
    name, expectation, estimate
        The name of the check, the expected range and the number found.
    blind
        Whether the number is a prediction by models that were fitted without the published point.
    """

    name: str
    expectation: Expectation
    estimate: Estimate
    blind: bool = False

    @property
    def holds(self) -> bool:
        """Whether the mean meets the expectation."""
        return self.expectation.holds(self.estimate.mean)

    @property
    def sure(self) -> bool:
        """Whether the whole interval of the mean lies on the same side of the limits as the mean."""
        interval = self.estimate.interval
        if interval is None:
            return False
        if self.holds:
            return self.expectation.holds_all(interval)
        return interval[0] > self.expectation.high or interval[1] < self.expectation.low

    @property
    def sentence(self) -> str:
        """The expectation and the number found, as a sentence."""
        found = self._printed(self.estimate.mean)
        mark = HOLDS if self.holds else FAILS
        expected = self.expectation.words
        return f"{mark} {self.name}: expected {expected}, found {found}{self._sureness()}."

    def _printed(self, number: float) -> str:
        # An infinite point of an axis means that it is never reached.
        if math.isinf(number) and self.estimate.unit in AXES:
            return "never"
        return printed(number, self.estimate.unit)

    def _sureness(self) -> str:
        estimate = self.estimate
        n = len(estimate.numbers)
        if not estimate.seeded:
            if estimate.source != MODELLED:
                return ""
            return " (modelled without the published point)" if self.blind else " (modelled)"
        if estimate.interval is not None:
            ends = within_whole(estimate.interval, estimate.mean, estimate.unit)
            low, high = (self._printed(end) for end in ends)
            side = "inside" if self.holds else "outside"
            wholly = "wholly" if self.sure else "not wholly"
            return f" (95 % interval {low} to {high}, {wholly} {side})"
        seeds = f"{n} seed{'' if n == 1 else 's'}"
        if math.isinf(estimate.mean):
            return f" (in {int(np.isinf(estimate.numbers).sum())} of {seeds})"
        return f" (decided by {seeds})" if n < ENOUGH else ""


@dataclass(frozen=True)
class Judgement:
    """A verdict, its reason, and the outcomes of the checks. The first outcome's number is shown beside the paper's."""

    verdict: str
    reason: str
    outcomes: tuple[Outcome, ...] = ()


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
        One row per claim, or per reading of it, with the columns of ``claims.csv``.

    Raises
    ------
    InputError
        If a claim's test is configured wrongly.
    """
    return table((row for claim in paper.claims for row in _rows(claim, paper, evidence)), COLUMNS)


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
        checks = _outcomes(claim.checks or (), evidence)
        if all(made.holds for made in checks):
            return Judgement(REPRODUCED, _sentences(checks), checks)
        trend = _outcomes(claim.trend or (), evidence)
    except MissingEvidenceError as missing:
        return Judgement(NOT_TESTABLE, f"Missing: {missing}.")
    except InputError as error:
        raise InputError(f"{claim.id}: {error}") from None
    if trend and all(made.holds for made in trend):
        told = f"{_sentences(checks)} The trend holds. {_sentences(trend)}"
        return Judgement(TREND_ONLY, told, (*checks, *trend))
    return Judgement(CONTRADICTED, _sentences((*checks, *trend)), (*checks, *trend))


def tested_elsewhere(entry: ClaimEntry | Finding, edition: str) -> str:
    """Name the editions that test a claim or finding; empty if this edition does."""
    if not entry.editions or edition in entry.editions:
        return ""
    tested_in = " and ".join(entry.editions)
    return f"Tested in the {tested_in} edition: this edition's data is not the paper's."


def check(stated: Check, evidence: Evidence) -> Outcome:
    """Evaluate one check, and compare its number with the expectation.

    Raises
    ------
    MissingEvidenceError
        If a needed run is missing or diverged.
    InputError
        If the test is configured wrongly.
    """
    estimate = evaluate(stated.test, evidence)
    expectation = Expectation.of(stated.expect, estimate.unit)
    blind = any(curve.left_out for curve in stated.test.curves())
    return Outcome(stated.name, expectation, estimate, blind)


def _rows(claim: ClaimEntry, paper: Study, evidence: Evidence) -> Iterator[dict[str, Any]]:
    theirs = _theirs(claim, evidence)
    for reading in claim.readings or ("",):
        judgement = judge(claim, paper.edition.name, replace(evidence, reading=reading))
        yield {
            "id": claim.id,
            "paper": paper.id,
            "kind": claim.kind,
            "statement": claim.statement,
            "where": claim.where,
            "exhibit": claim.exhibit or None,
            "published": claim.published.value if claim.published else None,
            "unit": claim.published.unit if claim.published else None,
            "reading": reading,
            "verdict": judgement.verdict,
            "reason": judgement.reason,
            **_found(judgement.outcomes),
            **theirs,
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
        "authors_reason": " ".join([_sentences(outcomes), *untold]),
    }


def _found(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the columns that our runs fill; the number is the first check's."""
    if not outcomes:
        return {}
    records = frozenset[str]().union(*(outcome.estimate.records for outcome in outcomes))
    return {
        **outcomes[0].estimate.cells,
        "basis": _basis(outcomes),
        "evidence": name_evidence(records),
    }


def _basis(outcomes: Iterable[Outcome]) -> str:
    """Return the weakest source of a verdict's numbers: modelled, then measured, then fact."""
    sources = {outcome.estimate.source for outcome in outcomes}
    return next((source for source in (MODELLED, MEASURED) if source in sources), FACT)


def _outcomes(checks: Iterable[Check], evidence: Evidence) -> tuple[Outcome, ...]:
    return tuple(check(stated, evidence) for stated in checks)


def _sentences(outcomes: Sequence[Outcome]) -> str:
    # A trend may repeat a check; show it once.
    return " ".join(dict.fromkeys(outcome.sentence for outcome in outcomes))
