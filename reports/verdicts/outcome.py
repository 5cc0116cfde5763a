"""Outcomes: where the number of a check stands, judged by its whole interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from scipy.special import stdtr

from records.check import Check
from reports.exhibits.quantity import printed, within_whole
from reports.verdicts.curves import Evidence
from reports.verdicts.estimates import Estimate, evaluate
from reports.verdicts.expectations import Expectation

MODELLED: Final = "modelled"

LEAST_REPLICATES: Final = 5
"""Seeds, and processes that time, from which a check is decided."""

LEAST_AT_ZERO: Final = 10
"""Seeds from which a check is decided whose limit is zero: whether there is an effect at all."""

LEAST_ERRORS: Final = 3
"""Predictions of unseen points from which a modelled number is judged."""


class Standing(StrEnum):
    """Where a number stands; the value is the first character of a check's sentence."""

    INSIDE = "✓"
    OUTSIDE = "✕"
    OPEN = "~"


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
        """Whether the number meets the expectation."""
        return self.expectation.holds(self.estimate.centre)

    @property
    def standing(self) -> Standing:
        """Inside or outside what is expected if the whole interval is; else open.

        A number without replicates is what it is: a fact, or the authors' only run. A point of an axis that no
        replicate reaches is outside, or inside, for all of them.
        """
        if self.too_few:
            return Standing.OPEN
        whole = self._whole
        if whole is None:
            return Standing.OPEN
        if self.expectation.holds_all(whole):
            return Standing.INSIDE
        if self.expectation.excludes(whole):
            return Standing.OUTSIDE
        return Standing.OPEN

    @property
    def too_few(self) -> str:
        """What there is too little of to decide; empty if there is enough."""
        estimate, needed = self.estimate, self._needed
        if len(estimate.numbers) >= needed:
            return ""
        if estimate.replicates == "errors":
            return "the model's errors at points that it has not seen are too few"
        n = len(estimate.numbers)
        return f"{n} {estimate.replicates[: None if n != 1 else -1]}, and {needed} decide"

    @property
    def p(self) -> float:
        """Probability of a number as far outside, or farther, if the truth were at the limit; two-sided."""
        estimate = self.estimate
        if self.standing is not Standing.OUTSIDE or not estimate.error:
            return 0.0 if self.standing is Standing.OUTSIDE else 1.0
        away = self.expectation.distance(estimate.centre) / estimate.error
        return 2 * float(stdtr(estimate.freedom, -away))

    @property
    def sentence(self) -> str:
        """The expectation and the number found, as a sentence."""
        found = self._printed(self.estimate.centre)
        return f"{self.standing} {self.name}: expected {self.expectation.words}, found {found}{self._sureness()}."

    @property
    def _needed(self) -> int:
        match self.estimate.replicates:
            case "seeds" if self.expectation.at_zero:
                return LEAST_AT_ZERO
            case "seeds" | "repeats":
                return LEAST_REPLICATES
            case "errors":
                # The first is the number as modelled.
                return 1 + LEAST_ERRORS
            case _:
                return 0

    @property
    def _whole(self) -> tuple[float, float] | None:
        estimate = self.estimate
        if not estimate.replicates or math.isinf(estimate.centre):
            ends = float(estimate.numbers.min()), float(estimate.numbers.max())
            return ends if estimate.numbers.nunique() == 1 else None
        return estimate.interval

    def _printed(self, number: float) -> str:
        return printed(number, self.estimate.unit)

    def _sureness(self) -> str:
        estimate = self.estimate
        known = []
        if estimate.source == MODELLED:
            known.append("modelled without the published point" if self.blind else "modelled")
        if math.isinf(estimate.centre):
            never = int(np.isinf(estimate.numbers).sum())
            known.append(f"in {never} of {len(estimate.numbers)} {estimate.replicates}")
        elif estimate.interval is not None:
            ends = within_whole(estimate.interval, estimate.centre, estimate.unit)
            low, high = (self._printed(end) for end in ends)
            known.append(f"95 % interval {low} to {high}")
        if self.too_few:
            known.append(self.too_few)
        return f" ({'; '.join(known)})" if known else ""


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
