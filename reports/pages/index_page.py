"""The first page: how many claims hold, which they are, and each paper's first finding."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from reports.exhibits.verdict_bars import verdict_bars
from reports.pages.exhibit_view import figure_view
from reports.pages.finding_view import finding_views
from reports.pages.paper_tables import PaperTables, joined
from reports.verdicts.claims import CONTRADICTED, NOT_TESTABLE, REPRODUCED, TREND_ONLY
from reports.verdicts.scoreboard import TOKENS, VERDICTS, headline_verdicts, scoreboard

LISTED: Final = (REPRODUCED, TREND_ONLY, CONTRADICTED)
"""Verdicts whose claims the index lists."""


def index(papers: Sequence[PaperTables], site: Path) -> dict[str, Any]:
    """Return what the first page shows.

    Parameters
    ----------
    papers
        The papers with their tables.
    site
        The folder that records are named from.
    """
    claims = joined(papers, "claims")
    names = {paper.id: paper.name for paper in papers}
    counts, modelled = (
        scoreboard(claims, modelled=of_model).reindex(list(names), fill_value=0)
        for of_model in (False, True)
    )
    told = _told({verdict: int(counts[verdict].sum()) for verdict in VERDICTS})
    drawn = counts.to_numpy().any()
    figure = figure_view(verdict_bars(counts, modelled, names, TOKENS), told) if drawn else None
    rows = [
        (names[str(paper)], [int(count) for count in row], int(of_model.sum()))
        for (paper, row), (_, of_model) in zip(counts.iterrows(), modelled.iterrows(), strict=True)
    ]
    findings = [
        (paper, finding)
        for paper in papers
        for finding in finding_views(paper.findings, paper.paper, site)[:1]
    ]
    return {
        "figure": figure,
        "rows": rows,
        "findings": findings,
        "modelled": int(modelled.to_numpy().sum()),
        "listed": {verdict: _having(verdict, claims) for verdict in LISTED},
    }


def _having(verdict: str, claims: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """List the claims that the scoreboard counts under a verdict: paper, id, statement and basis."""
    headline = headline_verdicts(claims)
    found = headline[headline["verdict"] == verdict][["paper", "id", "basis"]]
    statements = claims[["paper", "id", "statement"]].drop_duplicates(["paper", "id"])
    return found.merge(statements, on=["paper", "id"]).to_dict("records")


def _told(counts: Mapping[str, int]) -> str:
    """Say how many claims hold."""
    tested = sum(counts.values()) - counts[NOT_TESTABLE]
    return (
        f"Of {tested} claims that were tested {counts[REPRODUCED]} are reproduced, {counts[TREND_ONLY]} hold as a "
        f"trend, and {counts[CONTRADICTED]} are contradicted. {counts[NOT_TESTABLE]} could not be tested."
    )
