"""Views of claims: the published number and, for each reading, ours with its verdict."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from records.claims import ClaimEntry
from records.study import Experiment, Study, Timing
from reports.exhibits.figure import MODELLED
from reports.exhibits.quantity import quantity
from reports.pages.links import Link, links
from reports.pages.registration import history, marked
from reports.tables.cells import printed_interval, printed_seeds, text
from reports.verdicts.claims import BY_DEFINITION, SUBSTANTIVE
from reports.verdicts.curves import READING
from reports.verdicts.outcome import Standing
from reports.verdicts.rule import REPRODUCED
from reports.verdicts.scoreboard import MARKS, TOKENS

EVIDENCE: Final = {
    SUBSTANTIVE: "independent runs",
    BY_DEFINITION: "by definition",
    MODELLED: "modelled",
}
"""What a verdict rests on, as pages call it."""

UNTESTED: Final = "not tested"
ELSEWHERE: Final = "counted with another"
OPINION: Final = "opinion"
PAGE: Final = "claims.html"
"""The page of all claims."""


@dataclass(frozen=True)
class Badge:
    """A verdict in words, with a decorative mark and colour."""

    text: str
    mark: str
    token: str


@dataclass(frozen=True)
class ReadingView:
    """A claim's numbers and verdict under one reading, or under several readings with the same outcome."""

    titles: tuple[str, ...]
    published: str
    ours: str
    deviation: str
    interval: str
    seeds: str
    each: str
    source: str
    badge: Badge
    reasons: tuple[str, ...]
    evidence: tuple[Link, ...]


@dataclass(frozen=True)
class TheirView:
    """What the authors' own runs say of a claim."""

    outcome: str
    value: str
    reason: str


@dataclass(frozen=True)
class ClaimView:
    """A claim, what the authors' own runs say of it if they were asked, and its readings.

    Attributes
    ----------
    study, study_name
        The paper or comparison that it is of: its name in addresses, and the one on pages.
    evidence
        What its verdict rests on, of `EVIDENCE`.
    printed
        Whether it gives a number.
    away
        How far our number is from that, as a share of it; None if either is missing.
    rests_on
        Why it could not have come out otherwise, or what of ours stands in; empty if neither.
    sensitivity
        Under how many readings it is reproduced; empty if it has one reading.
    label
        What its exhibit is called; empty without one.
    registered
        Whether it was written or revised after there were results; empty if not.
    history
        Its revisions after results, each in a sentence.
    earlier
        The verdict of an earlier rule; empty if it is not known or the same.
    counted_with
        The claim that is counted instead, because it has the same published number; empty if there is none.
    answers
        The claims of papers whose open question it takes up.
    readings
        The first decides.
    """

    study: str
    study_name: str
    id: str
    kind: str
    evidence: str
    printed: bool
    away: float | None
    rests_on: str
    sensitivity: str
    registered: str
    history: tuple[str, ...]
    earlier: str
    counted_with: str
    answers: tuple[str, ...]
    statement: str
    where: str
    exhibit: str
    label: str
    theirs: TheirView | None
    readings: tuple[ReadingView, ...]

    @property
    def address(self) -> str:
        """Its address in the site."""
        return address(self.id)

    @property
    def decides(self) -> ReadingView:
        """The reading that decides."""
        return self.readings[0]


def claim_views(claims: pd.DataFrame, paper: Study, site: Path) -> tuple[ClaimView, ...]:
    """Group the rows of claims.csv by claim.

    Parameters
    ----------
    claims
        The paper's rows of claims.csv.
    paper
        The paper's resolved configuration, for the titles of the readings.
    site
        The folder of the page.

    Returns
    -------
    tuple of ClaimView
        The claims in the order of the table.
    """
    stated = {claim.id: claim for claim in paper.claims}
    return tuple(
        _claim(rows, stated[str(name)], paper, site)
        for name, rows in claims.groupby("id", sort=False)
    )


def badge(verdict: str) -> Badge:
    """Return the badge of a verdict; an opinion has a badge that says so."""
    if verdict not in TOKENS:
        return Badge(OPINION, "“", "not-testable")
    return Badge(verdict, MARKS[verdict], TOKENS[verdict])


def address(claim: str) -> str:
    """Return the address of a claim in the site."""
    return f"{PAGE}#{claim}"


def _reading_titles(claim: ClaimEntry, paper: Study) -> dict[str, str]:
    """Map the readings of a claim to their titles in the experiment that the claim tests.

    Variants of different experiments may share a name but not a title.
    """
    # If a timing and an experiment share a name, the experiment's title takes precedence.
    stages: list[tuple[str, Experiment | Timing]]
    stages = [*paper.timings.items(), *paper.experiments.items()]
    tested = list(_experiments(claim)) or [name for name, _ in stages]
    return {
        reading: stage.variants[reading].title
        for reading in claim.readings or ()
        for tested_name in reversed(tested)
        for name, stage in stages
        if name == tested_name and reading in stage.variants
    }


def _experiments(claim: ClaimEntry) -> Iterator[str]:
    """Yield the experiments that a claim tests under each reading, in their order."""
    for check in (*(claim.checks or ()), *(claim.trend or ())):
        for curve in check.test.curves():
            if curve.variant == READING and curve.experiment:
                yield curve.experiment


def _claim(rows: pd.DataFrame, stated: ClaimEntry, paper: Study, site: Path) -> ClaimView:
    first, titles = rows.iloc[0], _reading_titles(stated, paper)
    known, verdict = paper.registered.get(stated.id), text(first["verdict"])
    return ClaimView(
        study=paper.id,
        study_name=paper.name,
        id=text(first["id"]),
        kind=text(first["kind"]),
        evidence=_evidence(first),
        printed=bool(pd.notna(first["published"])),
        away=_away(first),
        rests_on=stated.by_definition or stated.stands_in or "",
        sensitivity=_sensitivity(rows),
        registered=marked(known) if verdict else "",
        history=history(known) if verdict else (),
        earlier=known.earlier if known and verdict and known.earlier != verdict else "",
        counted_with=stated.counted_with or "",
        answers=stated.answers or (),
        statement=text(first["statement"]),
        where=text(first["where"]),
        exhibit=text(first["exhibit"]),
        label=_label(text(first["exhibit"]), paper),
        theirs=_theirs(first),
        readings=tuple(_merged(_reading(row, titles, site) for _, row in rows.iterrows())),
    )


def _evidence(row: pd.Series[Any]) -> str:
    """Say what a verdict rests on; one that is counted with another claim has no evidence of its own."""
    if text(row["counted_with"]):
        return ELSEWHERE
    return EVIDENCE.get(text(row["nature"]), UNTESTED)


def _away(row: pd.Series[Any]) -> float | None:
    printed, ours = row["published"], row["ours"]
    if pd.isna(printed) or pd.isna(ours) or not printed:
        return None
    return abs(float(ours) / float(printed) - 1)


def _label(exhibit: str, paper: Study) -> str:
    return str(paper.exhibits[exhibit]["label"]) if exhibit in paper.exhibits else ""


def _sensitivity(rows: pd.DataFrame) -> str:
    """Say under how many of several tested readings a claim is reproduced."""
    tested = rows[rows["nature"].notna()]
    if len(tested) < 2:
        return ""
    held = int((tested["verdict"] == REPRODUCED).sum())
    return f"Reproduced under {held} of {len(tested)} readings; the first decides."


def _theirs(row: pd.Series[Any]) -> TheirView | None:
    outcome = text(row["authors"])
    if not outcome:
        return None
    value = quantity(row["authors_value"], text(row["authors_unit"]))
    return TheirView(outcome, value, text(row["authors_reason"]))


def _merged(readings: Iterable[ReadingView]) -> Iterator[ReadingView]:
    """Merge readings whose views differ in nothing but the title."""
    alike: dict[ReadingView, list[str]] = {}
    for reading in readings:
        alike.setdefault(replace(reading, titles=()), []).extend(reading.titles)
    for reading, titles in alike.items():
        yield replace(reading, titles=tuple(titles))


def _reading(row: pd.Series[Any], titles: Mapping[str, str], site: Path) -> ReadingView:
    unit, reading, evidence = (text(row[name]) for name in ("unit", "reading", "evidence"))
    return ReadingView(
        titles=(titles.get(reading, reading),) if reading else (),
        published=quantity(row["published"], unit),
        ours=quantity(row["ours"], unit),
        deviation=quantity(row["deviation"], text(row["deviation_unit"])),
        interval=printed_interval(row["interval"], row["ours"], unit),
        seeds=printed_seeds(row["seeds"]),
        each=_each(row["each"], unit),
        source=MODELLED if row["source"] == MODELLED else "",
        badge=badge(text(row["verdict"])),
        reasons=_reasons(text(row["reason"])),
        evidence=links([evidence], site),
    )


def _each(cell: Any, unit: str) -> str:
    """Print the number of each seed or repeat."""
    return (
        "" if pd.isna(cell) else " · ".join(quantity(number, unit) for number in json.loads(cell))
    )


def _reasons(reason: str) -> tuple[str, ...]:
    """Return the sentences of a verdict, what fails first and what holds last."""
    sentences = re.split(f" (?=[{''.join(Standing)}] )", reason)
    order = "".join([Standing.OUTSIDE, Standing.OPEN, Standing.INSIDE])
    return tuple(sorted(sentences, key=lambda sentence: order.find(sentence[:1])))
