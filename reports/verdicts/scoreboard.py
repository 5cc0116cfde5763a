"""Scoreboard: the number of claims of each paper with each verdict, by what the verdicts rest on."""

from __future__ import annotations

from typing import Final, NamedTuple

import pandas as pd

from reports.verdicts.claims import BY_DEFINITION, SUBSTANTIVE, YES
from reports.verdicts.outcome import MODELLED
from reports.verdicts.rule import (
    CONTRADICTED,
    NO_TRANSFER,
    NOT_TESTABLE,
    REPRODUCED,
    TREND_ONLY,
    UNDECIDED,
    VERDICTS,
)

DECIDED: Final = tuple(verdict for verdict in VERDICTS if verdict != NOT_TESTABLE)
"""Verdicts of claims that were tested."""

TOKENS: Final = {
    REPRODUCED: "reproduced",
    TREND_ONLY: "trend-only",
    UNDECIDED: "undecided",
    CONTRADICTED: "contradicted",
    NO_TRANSFER: "no-transfer",
    NOT_TESTABLE: "not-testable",
}
MARKS: Final = {
    REPRODUCED: "✓",
    TREND_ONLY: "≈",
    UNDECIDED: "?",
    CONTRADICTED: "✕",
    NO_TRANSFER: "⇥",
    NOT_TESTABLE: "○",
}


class Ground(NamedTuple):
    """What a verdict rests on, and whether the paper prints a number to compare with; None: either."""

    title: str
    nature: str
    printed: bool | None = None

    def of(self, claims: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of claims.csv whose verdicts rest on this."""
        own = claims["nature"] == self.nature
        if self.printed is not None:
            own &= claims["published"].notna() == self.printed
        return claims[own]


GROUNDS: Final = (
    Ground("printed numbers, measured here", SUBSTANTIVE, printed=True),
    Ground("directions, measured here", SUBSTANTIVE, printed=False),
    Ground("modelled for another machine", MODELLED),
    Ground("facts and definitions", BY_DEFINITION),
)
"""What tested claims are counted by: each of them has one of these."""


def headline_verdicts(claims: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that the scoreboard counts: each claim once, under the reading that decides.

    Opinions have no verdict, and a claim whose published number another one has is counted there.

    Parameters
    ----------
    claims : DataFrame
        Rows of claims.csv, one per claim and reading.

    Returns
    -------
    DataFrame
        The rows, in the claims' order.
    """
    judged = claims["verdict"].isin(VERDICTS)
    return claims[judged & (claims["decides"] == YES) & claims["counted_with"].isna()]


def scoreboard(claims: pd.DataFrame, ground: Ground | None = None) -> pd.DataFrame:
    """Count the claims of each paper by verdict.

    Parameters
    ----------
    claims : DataFrame
        Rows of claims.csv.
    ground : Ground, optional
        Count only verdicts that rest on this.

    Returns
    -------
    DataFrame
        One row per paper that has such claims; one column per verdict, in the order of `VERDICTS`.
    """
    headline = headline_verdicts(claims)
    if ground:
        headline = ground.of(headline)
    papers = list(dict.fromkeys(headline["paper"]))
    counts = pd.crosstab(headline["paper"], headline["verdict"])
    return counts.reindex(index=papers, columns=list(VERDICTS), fill_value=0)


class Extremes(NamedTuple):
    """How many claims are reproduced under the least and the most favourable of their tested readings."""

    least: int
    most: int


def extremes(claims: pd.DataFrame, ground: Ground | None = None) -> Extremes:
    """Count the claims of the scoreboard that all, or any, of their readings reproduce.

    Parameters
    ----------
    claims : DataFrame
        Rows of claims.csv.
    ground : Ground, optional
        Count only claims whose deciding verdict rests on this.
    """
    headline = headline_verdicts(claims)
    counted = (ground.of(headline) if ground else headline)["id"]
    tested = claims[claims["id"].isin(counted) & claims["verdict"].isin(DECIDED)]
    held = (tested["verdict"] == REPRODUCED).groupby(tested["id"])
    return Extremes(int(held.all().sum()), int(held.any().sum()))
