"""How many claims of each paper hold: one verdict a claim, counted."""

from typing import Final

import pandas as pd

from reports.verdicts.claims import CONTRADICTED, MODELLED, NOT_TESTABLE, REPRODUCED, TREND_ONLY

# From the kindest to the paper to the harshest; what could not be tested says nothing: last.
VERDICTS: Final = (REPRODUCED, TREND_ONLY, CONTRADICTED, NOT_TESTABLE)

TOKENS: Final = {
    REPRODUCED: "reproduced",
    TREND_ONLY: "trend-only",
    CONTRADICTED: "contradicted",
    NOT_TESTABLE: "not-testable",
}
MARKS: Final = {REPRODUCED: "✓", TREND_ONLY: "≈", CONTRADICTED: "✕", NOT_TESTABLE: "○"}


def headline_verdicts(claims: pd.DataFrame) -> pd.DataFrame:
    """Give each claim one verdict: that of the reading kindest to the paper.

    A paper that leaves a method open is not contradicted by one reading while its claim holds
    under another; the pages show every reading beside it. Where readings are equally kind, one whose
    numbers are measured counts before one whose numbers are modelled. Opinions have no verdict.

    Parameters
    ----------
    claims : DataFrame
        Rows of claims.csv, one a claim and reading.

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
    """Count the claims of each paper by their verdict.

    Parameters
    ----------
    claims : DataFrame
        Rows of claims.csv.
    modelled : bool, optional
        Whether to count only those whose verdict rests on a modelled number, at least in part.

    Returns
    -------
    DataFrame
        One row a paper that has such claims, one column a verdict, in the order of `VERDICTS`.
    """
    headline = headline_verdicts(claims)
    if modelled:
        headline = headline[headline["basis"] == MODELLED]
    papers = list(dict.fromkeys(headline["paper"]))
    counts = pd.crosstab(headline["paper"], headline["verdict"])
    return counts.reindex(index=papers, columns=list(VERDICTS), fill_value=0)
