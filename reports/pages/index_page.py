"""The index page: the scoreboard, the claims behind it, and the first finding of each paper."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from records.program import NONE_FOUND
from reports.exhibits.figure_view import FigureView, figure_view, with_pictures
from reports.exhibits.verdict_bars import verdict_bars
from reports.pages.finding_view import finding_views
from reports.pages.paper_tables import PaperTables, joined
from reports.pages.readings_page import summary
from reports.verdicts.claims import NATURES, SUBSTANTIVE
from reports.verdicts.rule import (
    CONTRADICTED,
    NO_TRANSFER,
    NOT_TESTABLE,
    REPRODUCED,
    TREND_ONLY,
    UNDECIDED,
)
from reports.verdicts.scoreboard import DECIDED, TOKENS, headline_verdicts, scoreboard


class CountedApart(NamedTuple):
    """A comparison with claims: how many of them have each verdict of `DECIDED`, and that in a sentence."""

    id: str
    name: str
    title: str
    counts: list[int]
    sentence: str


def index(
    papers: Sequence[PaperTables], comparisons: Sequence[PaperTables], site: Path
) -> dict[str, Any]:
    """Return the variables of the page's template.

    Parameters
    ----------
    papers, comparisons
        The papers and the comparisons with their tables; claims of comparisons are counted apart.
    site
        The folder of the page.
    """
    claims = joined(papers, "claims")
    names = {paper.id: paper.name for paper in papers}
    counts = scoreboard(claims).reindex(list(names), fill_value=0)
    boards = {
        nature: scoreboard(claims, nature).reindex(list(names), fill_value=0)[list(DECIDED)]
        for nature in NATURES
    }
    findings = [
        (paper, finding)
        for paper in papers
        for finding in finding_views(paper.findings, paper.study, site)[:1]
    ]
    return {
        "figure": _figure(boards, names),
        "boards": {nature: board.to_numpy().tolist() for nature, board in boards.items()},
        "apart": [*_apart(comparisons)],
        "untested": counts[NOT_TESTABLE].tolist(),
        "decided": DECIDED,
        "names": list(names.values()),
        "findings": findings,
        "readings": summary([paper.study for paper in papers]),
        "not_found": [paper.name for paper in papers if paper.study.program == NONE_FOUND],
        "measured_by_authors": [paper.name for paper in papers if paper.study.authors],
        "listed": {verdict: _with_verdict(verdict, claims) for verdict in DECIDED},
    }


def _apart(comparisons: Sequence[PaperTables]) -> Iterator[CountedApart]:
    """Count the claims of each comparison that has any."""
    for each in comparisons:
        counts = scoreboard(each.claims).sum().reindex(list(DECIDED), fill_value=0).astype(int)
        if total := counts.sum():
            sentence = f"Of {total} claims judged by the same rule, {_outcomes(counts)}."
            yield CountedApart(each.id, each.name, str(each.study.title), counts.tolist(), sentence)


def _figure(boards: Mapping[str, pd.DataFrame], names: Mapping[str, str]) -> FigureView | None:
    """Draw the scoreboard; None if no claim was judged."""
    judged = {nature: board for nature, board in boards.items() if board.to_numpy().any()}
    if not judged:
        return None
    bars = figure_view(verdict_bars(judged, names, TOKENS), _headline(boards[SUBSTANTIVE].sum()))
    return with_pictures(bars, "scoreboard")


def _with_verdict(verdict: str, claims: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """List the claims with a verdict on the scoreboard: paper, id, statement and what it rests on."""
    headline = headline_verdicts(claims)
    found = headline[headline["verdict"] == verdict]
    return found[["paper", "id", "nature", "statement"]].to_dict("records")


def _headline(counts: pd.Series[int]) -> str:
    """Summarise in a sentence the verdicts that rest on independent runs."""
    return f"Of {counts.sum()} claims that independent runs test, {_outcomes(counts)}."


def _outcomes(counts: pd.Series[int]) -> str:
    """Say how many claims have each verdict."""
    return (
        f"{counts[REPRODUCED]} came out as reproduced, {counts[TREND_ONLY]} as reproduced in their trend only, "
        f"{counts[CONTRADICTED]} as contradicted, {counts[UNDECIDED]} as undecided and "
        f"{counts[NO_TRANSFER]} as not transferring to this machine or program"
    )
