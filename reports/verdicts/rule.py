"""The rule: how the outcomes of a claim's checks make a verdict, and how verdicts are corrected for their number."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from reports.verdicts.outcome import Outcome, Standing

REPRODUCED: Final = "reproduced"
TREND_ONLY: Final = "trend only"
UNDECIDED: Final = "undecided"
CONTRADICTED: Final = "contradicted"
NO_TRANSFER: Final = "does not transfer here"
NOT_TESTABLE: Final = "not testable here"
VERDICTS: Final = (REPRODUCED, TREND_ONLY, UNDECIDED, CONTRADICTED, NO_TRANSFER, NOT_TESTABLE)
"""From the most to the least favourable to the paper; those that say nothing of it come last."""

UNJUDGED: Final = ""
"""The verdict of an opinion."""

LEVEL: Final = 0.05
"""The probability that is allowed of contradicting any claim of a paper wrongly."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Judgement:
    """A verdict, its reason, and the outcomes of the checks. The first outcome's number is shown beside the paper's.

    `p` is the probability of outcomes as far outside, if the claim were true; 1 of a claim that is not contradicted.
    """

    verdict: str
    reason: str
    outcomes: tuple[Outcome, ...] = ()
    p: float = 1.0


def decide(checks: Sequence[Outcome], trend: Sequence[Outcome]) -> Judgement:
    """Decide on a claim by the intervals of its numbers.

    All checks inside: reproduced. One outside, and the trend wholly inside: the trend only. One check outside, and one
    of the trend, if there is a trend: contradicted. Else undecided.
    """
    found = (*checks, *trend)
    if all(each.standing is Standing.INSIDE for each in checks):
        return Judgement(REPRODUCED, sentences(checks), tuple(checks))
    told = sentences(found)
    if not any(each.standing is Standing.OUTSIDE for each in checks):
        return Judgement(UNDECIDED, told, found)
    if trend and all(each.standing is Standing.INSIDE for each in trend):
        told = f"{sentences(checks)} The trend holds. {sentences(trend)}"
        return Judgement(TREND_ONLY, told, found)
    if not trend or any(each.standing is Standing.OUTSIDE for each in trend):
        return Judgement(CONTRADICTED, told, found, max(_refuted(checks), _refuted(trend)))
    return Judgement(UNDECIDED, told, found)


def holm(probabilities: Mapping[Key, float]) -> frozenset[Key]:
    """Return the keys whose hypotheses are rejected, with Holm's correction for their number.

    Examples
    --------
    >>> sorted(holm({"a": 0.01, "b": 0.04, "c": 0.03}))
    ['a']
    """
    rejected: set[Key] = set()
    ordered = sorted(probabilities, key=lambda key: probabilities[key])
    for place, key in enumerate(ordered):
        if probabilities[key] > LEVEL / (len(ordered) - place):
            break
        rejected.add(key)
    return frozenset(rejected)


def sentences(outcomes: Sequence[Outcome]) -> str:
    """Return the outcomes as sentences; a trend may repeat a check, which is told once."""
    return " ".join(dict.fromkeys(outcome.sentence for outcome in outcomes))


def _refuted(outcomes: Sequence[Outcome]) -> float:
    """Return the probability that refutes "all hold", with Bonferroni's correction; 0 without outcomes."""
    return min(1.0, len(outcomes) * min((each.p for each in outcomes), default=0.0))
