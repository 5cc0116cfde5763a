"""The papers at a glance: the first printed claim of each about accuracy and about time, and how such claims fare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import pandas as pd

from reports.pages.claim_view import Badge, address, badge
from reports.pages.paper_tables import PaperTables
from reports.verdicts.rule import NOT_TESTABLE, VERDICTS
from reports.verdicts.scoreboard import headline_verdicts

SUBJECTS: Final = {
    "accuracy": ("accuracy", "convergence", "confidence"),
    "time": ("time", "speedup", "profile"),
}
"""The kinds of claims about each subject."""

READ_AS: Final = " (read as"
"""What a statement says from here on is how we test it."""


class Said(NamedTuple):
    """What a paper says of a subject.

    Attributes
    ----------
    statement, href, badge
        A claim in words, its address and its verdict.
    counts
        How many claims about the subject have each verdict that any has.
    """

    statement: str
    href: str
    badge: Badge
    counts: list[tuple[Badge, int]]


class Glance(NamedTuple):
    """A paper, and what it says of each of `SUBJECTS`; None where it says nothing."""

    paper: PaperTables
    said: list[Said | None]


def glances(papers: Sequence[PaperTables]) -> list[Glance]:
    """Look at what each paper says, and at its verdicts."""
    return [Glance(paper, [_said(paper, kinds) for kinds in SUBJECTS.values()]) for paper in papers]


def _said(paper: PaperTables, kinds: Sequence[str]) -> Said | None:
    headline = headline_verdicts(paper.claims)
    own = headline[headline["kind"].isin(kinds)]
    if own.empty:
        return None
    first = _first(own)
    counts = own["verdict"].value_counts()
    return Said(
        str(first["statement"]).partition(READ_AS)[0].rstrip(".") + ".",
        address(str(first["id"])),
        badge(str(first["verdict"])),
        [(badge(verdict), int(counts[verdict])) for verdict in VERDICTS if verdict in counts],
    )


def _first(claims: pd.DataFrame) -> pd.Series[Any]:
    """Return the first claim that was tested against a printed number; else the first that was tested, or of all."""
    tested = claims["verdict"] != NOT_TESTABLE
    for chosen in (claims[tested & claims["published"].notna()], claims[tested]):
        if not chosen.empty:
            return chosen.iloc[0]
    return claims.iloc[0]
