"""Scoreboard: the number of claims of each paper with each verdict."""

from typing import Final

import pandas as pd

from reports.verdicts.claims import CONTRADICTED, MODELLED, NOT_TESTABLE, REPRODUCED, TREND_ONLY

# From the most to the least favourable to the paper; untestable claims come last.
VERDICTS: Final = (REPRODUCED, TREND_ONLY, CONTRADICTED, NOT_TESTABLE)

TOKENS: Final = {
    REPRODUCED: "reproduced",
    TREND_ONLY: "trend-only",
    CONTRADICTED: "contradicted",
    NOT_TESTABLE: "not-testable",
}
MARKS: Final = {REPRODUCED: "✓", TREND_ONLY: "≈", CONTRADICTED: "✕", NOT_TESTABLE: "○"}


def headline_verdicts(claims: pd.DataFrame) -> pd.DataFrame:
    """Give each claim one verdict: that of the reading most favourable to the paper.

    If a paper leaves a method open, one reading does not contradict a claim that holds under another; the pages show
    every reading. Among equally favourable readings, one with measured numbers precedes one with modelled numbers.
    Opinions have no verdict.

    Parameters
    ----------
    claims : DataFrame
        Rows of claims.csv, one per claim and reading.

    Returns
    -------
    DataFrame
        Columns ``paper``, ``id``, ``verdict`` and ``basis``, in the claims' order.
    """
    judged = claims[claims["verdict"].isin(VERDICTS)]
    ranks = judged.assign(
        rank=[VERDICTS.index(verdict) for verdict in judged["verdict"]],
        modelled=judged["basis"] == MODELLED,
    )
    best = ranks.sort_values(["rank", "modelled"], kind="stable").drop_duplicates(["paper", "id"])
    order = judged.drop_duplicates(["paper", "id"])[["paper", "id"]]
    return order.merge(best[["paper", "id", "verdict", "basis"]], on=["paper", "id"])


def scoreboard(claims: pd.DataFrame, modelled: bool = False) -> pd.DataFrame:
    """Count the claims of each paper by verdict.

    Parameters
    ----------
    claims : DataFrame
        Rows of claims.csv.
    modelled : bool, optional
        Whether to count only verdicts that rest, at least in part, on modelled numbers.

    Returns
    -------
    DataFrame
        One row per paper that has such claims; one column per verdict, in the order of `VERDICTS`.
    """
    headline = headline_verdicts(claims)
    if modelled:
        headline = headline[headline["basis"] == MODELLED]
    papers = list(dict.fromkeys(headline["paper"]))
    counts = pd.crosstab(headline["paper"], headline["verdict"])
    return counts.reindex(index=papers, columns=list(VERDICTS), fill_value=0)
