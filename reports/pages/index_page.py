"""The index page: the scoreboard, the claims behind it, and the first finding of each paper."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from records.program import NONE_FOUND
from reports.exhibits.figure_view import FigureView, figure_view, with_pictures
from reports.exhibits.verdict_bars import verdict_bars
from reports.pages.finding_view import finding_views
from reports.pages.paper_tables import PaperTables, joined
from reports.pages.readings_page import summary
from reports.verdicts.claims import CONTRADICTED, NOT_TESTABLE, REPRODUCED, TREND_ONLY
from reports.verdicts.scoreboard import TOKENS, VERDICTS, headline_verdicts, scoreboard

LISTED: Final = (REPRODUCED, TREND_ONLY, CONTRADICTED)
"""Verdicts whose claims the index lists."""


def index(papers: Sequence[PaperTables], site: Path) -> dict[str, Any]:
    """Return the variables of the page's template.

    Parameters
    ----------
    papers
        The papers with their tables.
    site
        The folder of the page.
    """
    claims = joined(papers, "claims")
    names = {paper.id: paper.name for paper in papers}
    counts, modelled = (
        scoreboard(claims, modelled=of_model).reindex(list(names), fill_value=0)
        for of_model in (False, True)
    )
    rows = [
        (names[str(paper)], [int(count) for count in row], int(of_model.sum()))
        for (paper, row), (_, of_model) in zip(counts.iterrows(), modelled.iterrows(), strict=True)
    ]
    findings = [
        (paper, finding)
        for paper in papers
        for finding in finding_views(paper.findings, paper.study, site)[:1]
    ]
    return {
        "figure": _figure(counts, modelled, names),
        "rows": rows,
        "findings": findings,
        "readings": summary([paper.study for paper in papers]),
        "not_found": [paper.name for paper in papers if paper.study.program == NONE_FOUND],
        "measured_by_authors": [paper.name for paper in papers if paper.study.authors],
        "modelled": int(modelled.to_numpy().sum()),
        "listed": {verdict: _with_verdict(verdict, claims) for verdict in LISTED},
    }


def _figure(
    counts: pd.DataFrame, modelled: pd.DataFrame, names: Mapping[str, str]
) -> FigureView | None:
    """Draw the scoreboard; None if no claim was judged."""
    if not counts.to_numpy().any():
        return None
    headline = _headline({verdict: int(counts[verdict].sum()) for verdict in VERDICTS})
    bars = figure_view(verdict_bars(counts, modelled, names, TOKENS), headline)
    return with_pictures(bars, "scoreboard")


def _with_verdict(verdict: str, claims: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """List the claims with a verdict on the scoreboard: paper, id, statement and basis."""
    headline = headline_verdicts(claims)
    found = headline[headline["verdict"] == verdict][["paper", "id", "basis"]]
    statements = claims[["paper", "id", "statement"]].drop_duplicates(["paper", "id"])
    return found.merge(statements, on=["paper", "id"]).to_dict("records")


def _headline(counts: Mapping[str, int]) -> str:
    """Summarise the verdicts in a sentence."""
    tested = sum(counts.values()) - counts[NOT_TESTABLE]
    return (
        f"Of {tested} tested claims, our runs reproduce {counts[REPRODUCED]}, agree with the trend of "
        f"{counts[TREND_ONLY]} and contradict {counts[CONTRADICTED]}; {counts[NOT_TESTABLE]} could not be tested."
    )
