"""Scoreboard: the number of claims of each paper with each verdict, by what the verdicts rest on."""

from typing import Final

import pandas as pd

from reports.verdicts.claims import YES
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


def scoreboard(claims: pd.DataFrame, nature: str = "") -> pd.DataFrame:
    """Count the claims of each paper by verdict.

    Parameters
    ----------
    claims : DataFrame
        Rows of claims.csv.
    nature : str, optional
        Count only verdicts that rest on this: one of `reports.verdicts.claims.NATURES`.

    Returns
    -------
    DataFrame
        One row per paper that has such claims; one column per verdict, in the order of `VERDICTS`.
    """
    headline = headline_verdicts(claims)
    if nature:
        headline = headline[headline["nature"] == nature]
    papers = list(dict.fromkeys(headline["paper"]))
    counts = pd.crosstab(headline["paper"], headline["verdict"])
    return counts.reindex(index=papers, columns=list(VERDICTS), fill_value=0)
