"""The index page: what workers gain and cost, the scoreboard, and the first finding of each paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import pandas as pd

from records.program import NONE_FOUND
from reports.exhibits.claim_strip import claim_strip
from reports.exhibits.figure import MEASURED
from reports.exhibits.figure_view import FigureView, figure_view, with_pictures
from reports.exhibits.picture import picture
from reports.exhibits.verdict_bars import verdict_bars
from reports.pages.claim_view import EVIDENCE, PAGE
from reports.pages.finding_view import FindingView, finding_views
from reports.pages.glance import SUBJECTS, glances
from reports.pages.overview import overview
from reports.pages.paper_tables import PaperTables, joined
from reports.pages.readings_page import summary
from reports.verdicts.rule import (
    CONTRADICTED,
    NO_TRANSFER,
    NOT_TESTABLE,
    REPRODUCED,
    TREND_ONLY,
    UNDECIDED,
)
from reports.verdicts.scoreboard import (
    DECIDED,
    GROUNDS,
    MARKS,
    TOKENS,
    Ground,
    extremes,
    headline_verdicts,
    scoreboard,
)

OUTCOMES: Final = {
    REPRODUCED: "reproduced",
    TREND_ONLY: "reproduced in their trend only",
    CONTRADICTED: "contradicted",
    UNDECIDED: "undecided",
    NO_TRANSFER: "not transferring to this machine or program",
}
"""What claims with a verdict are, in a sentence."""


class Count(NamedTuple):
    """A number of claims, and the address of the list of these; empty if there are none."""

    number: int
    href: str


class Row(NamedTuple):
    """The claims of a paper that rest on one ground: how many have each verdict, and how many in all.

    Attributes
    ----------
    least, most
        How many are reproduced under the least and the most favourable of their readings.
    """

    paper: str
    name: str
    counts: list[Count]
    total: Count
    least: int
    most: int


class Card(NamedTuple):
    """A finding of a paper, with the first panel of a figure that shows it."""

    paper: PaperTables
    finding: FindingView
    figure: FigureView | None
    picture: str


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
        ground: scoreboard(claims, ground).reindex(list(names), fill_value=0)[list(DECIDED)]
        for ground in GROUNDS
    }
    return {
        "overview": overview([*papers, *comparisons]),
        "glances": glances(papers),
        "subjects": list(SUBJECTS),
        "strip": strip(claims, names),
        "figure": _figure(boards, names, claims),
        "boards": {
            ground.title: [_row(paper, ground, board.T[paper.id]) for paper in papers]
            for ground, board in boards.items()
        },
        "apart": [*_apart(comparisons)],
        "untested": [
            (paper, _count(counts[NOT_TESTABLE][paper.id], paper, verdict=NOT_TESTABLE))
            for paper in papers
        ],
        "decided": DECIDED,
        "findings": [*_cards(papers, site)],
        "readings": summary([paper.study for paper in papers]),
        "not_found": [paper.name for paper in papers if paper.study.program == NONE_FOUND],
    }


def _cards(papers: Sequence[PaperTables], site: Path) -> Iterator[Card]:
    """Yield the first finding of each paper."""
    for paper in papers:
        for finding in finding_views(paper.findings, paper.study, site)[:1]:
            shown = [name for name in finding.exhibits if name in paper.figures]
            figure = paper.figures[shown[0]].figure if shown else None
            name = f"{paper.id}-{shown[0]}" if shown else ""
            yield Card(
                paper, finding, figure, picture(figure.panels[0].spec, name) if figure else ""
            )


def _apart(comparisons: Sequence[PaperTables]) -> Iterator[CountedApart]:
    """Count the claims of each comparison that has any."""
    for each in comparisons:
        counts = scoreboard(each.claims).sum().reindex(list(DECIDED), fill_value=0).astype(int)
        if total := counts.sum():
            sentence = f"{total} claims, judged by the same rule: {_outcomes(counts)}."
            yield CountedApart(each.id, each.name, str(each.study.title), counts.tolist(), sentence)


def _row(paper: PaperTables, ground: Ground, counts: pd.Series[int]) -> Row:
    chosen = {"evidence": EVIDENCE[ground.nature]}
    if ground.printed is not None:
        chosen["printed"] = "yes" if ground.printed else "no"
    return Row(
        paper.id,
        paper.name,
        [_count(counts[verdict], paper, verdict=verdict, **chosen) for verdict in DECIDED],
        _count(counts.sum(), paper, **chosen),
        *extremes(paper.claims, ground),
    )


def _count(number: int, paper: PaperTables, **chosen: str) -> Count:
    """Return a number of claims with the address at which the page of claims lists them."""
    address = f"{PAGE}?{urlencode({'paper': paper.id, **chosen})}"
    return Count(int(number), address if number else "")


def _figure(
    boards: Mapping[Ground, pd.DataFrame], names: Mapping[str, str], claims: pd.DataFrame
) -> FigureView | None:
    """Draw the scoreboard; None if no claim was judged."""
    judged = {ground.title: board for ground, board in boards.items() if board.to_numpy().any()}
    if not judged:
        return None
    bars = figure_view(verdict_bars(judged, names, TOKENS, MARKS), _headline(boards, claims))
    return with_pictures(bars, "scoreboard")


def strip(claims: pd.DataFrame, names: Mapping[str, str]) -> FigureView | None:
    """Draw how far our numbers are from the printed ones; None if none can be compared.

    Parameters
    ----------
    claims
        Rows of claims.csv.
    names
        What the papers are called that are shown, by their ids.
    """
    drawn = claim_strip(headline_verdicts(claims), names, TOKENS)
    if drawn is None:
        return None
    points = drawn.points
    measured = points[points["source"] == MEASURED]
    within = measured[measured["x"].abs() <= 1]
    held = int((within["name"] == REPRODUCED).sum())
    said = (
        ""
        if measured.empty
        else (
            f"Of {len(measured)} printed numbers with a measured one of ours beside them, {len(within)} "
            f"{'is' if len(within) == 1 else 'are'} within what the claim allows, and {held} "
            f"{'is' if held == 1 else 'are'} reproduced."
        )
    )
    return with_pictures(figure_view(drawn, said), "strip")


def _headline(boards: Mapping[Ground, pd.DataFrame], claims: pd.DataFrame) -> str:
    """Summarise the verdicts on printed numbers, and how much they depend on the readings."""
    printed, *_ = GROUNDS
    counts = boards[printed].sum()
    said = (
        f"Printed numbers that our runs test: {counts.sum()}, of which {_outcomes(counts)}. "
        if counts.sum()
        else ""
    )
    found = extremes(claims)
    tested = pd.concat([board.sum() for board in boards.values()], axis=1).sum(axis="columns")
    return (
        f"{said}Of all {tested.sum()} tested claims, {tested[REPRODUCED]} are reproduced under the reading that "
        f"decides, {found.least} under every reading and {found.most} under at least one."
    )


def _outcomes(counts: pd.Series[int]) -> str:
    """Say how many claims have each verdict that any has."""
    told = [f"{counts[verdict]} {words}" for verdict, words in OUTCOMES.items() if counts[verdict]]
    return " and ".join(filter(None, [", ".join(told[:-1]), *told[-1:]]))
