"""Views of findings: the question, the answer and the numbers that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from records.claims import Finding
from records.study import Study
from reports.exhibits.figure import MODELLED
from reports.exhibits.quantity import quantity
from reports.pages.claim_view import Badge
from reports.pages.links import Link, links
from reports.tables.cells import printed_interval, printed_seeds, text
from reports.verdicts.findings import NO, YES

SHOWN: Final = Badge("shown by these runs", "✓", "reproduced")
NOT_SHOWN: Final = Badge("not supported by these runs", "✕", "contradicted")
NOT_TESTED: Final = Badge("not tested here", "○", "not-testable")


@dataclass(frozen=True)
class NumberView:
    """A number, and the range that the answer needs it in."""

    name: str
    published: str
    ours: str
    interval: str
    seeds: str
    source: str
    expected: str
    holds: bool
    reason: str
    evidence: tuple[Link, ...]


@dataclass(frozen=True)
class FindingView:
    """A finding; `shown` if all its numbers are as the answer needs. `lead` is the first sentence of its answer."""

    id: str
    question: str
    lead: str
    answer: str
    shown: bool
    badge: Badge
    numbers: tuple[NumberView, ...]
    reason: str
    exhibits: tuple[str, ...]
    claims: tuple[str, ...]


def finding_views(findings: pd.DataFrame, paper: Study, site: Path) -> tuple[FindingView, ...]:
    """Prepare the findings of a paper for a page.

    Parameters
    ----------
    findings
        The paper's rows of findings.csv.
    paper
        The paper's resolved configuration, for the answers.
    site
        The folder of the page.

    Returns
    -------
    tuple of FindingView
        The findings in the order of the configuration.
    """
    return tuple(
        _finding(finding, findings[findings["id"] == finding.id], site)
        for finding in paper.findings
    )


def _finding(finding: Finding, rows: pd.DataFrame, site: Path) -> FindingView:
    holds = [text(cell) for cell in rows["holds"]]
    tested = rows[rows["holds"].isin([YES, NO])]
    untested = rows[~rows["holds"].isin([YES, NO])]
    return FindingView(
        id=finding.id,
        question=finding.question,
        lead=finding.answer.partition(". ")[0].removesuffix(".") + ".",
        answer=finding.answer,
        shown=set(holds) == {YES},
        badge=_badge(holds),
        numbers=tuple(_number(row, site) for _, row in tested.iterrows()),
        reason=" ".join(dict.fromkeys(text(reason) for reason in untested["reason"])),
        exhibits=finding.exhibits or (),
        claims=finding.claims or (),
    )


def _badge(holds: Sequence[str]) -> Badge:
    if NO in holds:
        return NOT_SHOWN
    return SHOWN if set(holds) == {YES} else NOT_TESTED


def _number(row: pd.Series[Any], site: Path) -> NumberView:
    unit, evidence = text(row["unit"]), text(row["evidence"])
    return NumberView(
        name=text(row["number"]),
        published=quantity(row["published"], unit),
        ours=quantity(row["ours"], unit),
        interval=printed_interval(row["interval"], row["ours"], unit),
        seeds=printed_seeds(row["seeds"]),
        source=MODELLED if row["source"] == MODELLED else "",
        expected=text(row["expected"]),
        holds=row["holds"] == YES,
        reason=text(row["reason"]),
        evidence=links([evidence], site),
    )
