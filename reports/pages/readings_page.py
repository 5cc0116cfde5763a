"""The readings page: what the papers leave open, how we read it, and what the authors' own programs say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from msgspec import UNSET

from records.ambiguity import AmbiguityEntry
from records.program import NONE_FOUND
from records.study import Study
from reports.pages.claim_view import Badge
from reports.pages.paper_tables import PaperTables
from reports.verdicts.readings import NOT_SETTLED, PARTLY, RIGHT, WRONG, readings, tally
from reports.verdicts.rule import CONTRADICTED, NOT_TESTABLE, REPRODUCED, TREND_ONLY
from reports.verdicts.scoreboard import MARKS, TOKENS

LOOKS: Final = {
    RIGHT: ("right", REPRODUCED),
    PARTLY: ("partly right", TREND_ONLY),
    WRONG: ("wrong", CONTRADICTED),
    NOT_SETTLED: ("not settled", NOT_TESTABLE),
}
"""How a reading fared, in words, and the verdict whose mark and colour it has."""

BADGES: Final = {
    guess: Badge(words, MARKS[verdict], TOKENS[verdict])
    for guess, (words, verdict) in LOOKS.items()
}


@dataclass(frozen=True)
class ReadingRow:
    """What a text leaves open, our reading, what the program says (empty if nothing), and how the reading fared."""

    id: str
    open: str
    reading: str
    settled: str
    badge: Badge


@dataclass(frozen=True)
class PaperReadings:
    """A paper with its rows, and how many of them fared how."""

    study: Study
    rows: tuple[ReadingRow, ...]
    counts: Mapping[str, int]


def readings_page(papers: Sequence[PaperTables]) -> dict[str, Any]:
    """Return the variables of the page's template; papers whose program was found come first.

    Parameters
    ----------
    papers
        The papers with their tables.
    """
    studies = [paper.study for paper in papers]
    found = readings(studies)
    # The sort is stable: those of a kind stay in the papers' order.
    studies.sort(key=lambda study: study.program == NONE_FOUND)
    return {
        "entries": [_paper(study, found) for study in studies],
        "summary": summary(studies),
        "badges": BADGES,
        "total": tally(found),
    }


def summary(papers: Sequence[Study]) -> str:
    """Say in two sentences how many ambiguities the programs settle, and how our readings fared; empty without any.

    Parameters
    ----------
    papers
        The resolved configurations of the papers.
    """
    found = readings(papers)
    if found.empty:
        return ""
    counts = tally(found)
    settled = sum(counts.values()) - counts[NOT_SETTLED]
    programs = sum(paper.program != NONE_FOUND for paper in papers)
    return (
        f"The papers’ texts leave {len(found)} things open. The authors’ own programs, found for {programs} of "
        f"{len(papers)} papers, settle {settled} of them: our reading of the text was right in {counts[RIGHT]}, partly "
        f"right in {counts[PARTLY]} and wrong in {counts[WRONG]}."
    )


def _paper(study: Study, found: pd.DataFrame) -> PaperReadings:
    rows = tuple(map(_row, study.ambiguities))
    return PaperReadings(study, rows, tally(found[found["paper"] == study.id]))


def _row(ambiguity: AmbiguityEntry) -> ReadingRow:
    return ReadingRow(
        id=ambiguity.id,
        open=ambiguity.open,
        reading=ambiguity.reading,
        settled="" if ambiguity.settled is UNSET else ambiguity.settled,
        badge=BADGES[NOT_SETTLED if ambiguity.guess is UNSET else ambiguity.guess],
    )
