"""Views of claims: the published number and, for each reading, ours with its verdict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from records.claims import ClaimEntry
from records.study import Experiment, Study, Timing
from reports.exhibits.figure import MODELLED
from reports.exhibits.quantity import quantity
from reports.pages.links import Link, links
from reports.pages.registration import history, marked
from reports.tables.cells import printed_interval, printed_seeds, text
from reports.verdicts.curves import READING
from reports.verdicts.outcome import Standing
from reports.verdicts.rule import REPRODUCED
from reports.verdicts.scoreboard import MARKS, TOKENS


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
    nature
        What the verdict rests on; empty of a claim that is not tested.
    rests_on
        Why it could not have come out otherwise, or what of ours stands in; empty if neither.
    sensitivity
        Under how many readings it is reproduced; empty if it has one reading.
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

    id: str
    kind: str
    nature: str
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
    theirs: TheirView | None
    readings: tuple[ReadingView, ...]


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
        return Badge("opinion", "“", "not-testable")
    return Badge(verdict, MARKS[verdict], TOKENS[verdict])


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
        id=text(first["id"]),
        kind=text(first["kind"]),
        nature=text(first["nature"]),
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
        theirs=_theirs(first),
        readings=tuple(_merged(_reading(row, titles, site) for _, row in rows.iterrows())),
    )


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
        source=MODELLED if row["source"] == MODELLED else "",
        badge=badge(text(row["verdict"])),
        reasons=tuple(re.split(f" (?=[{''.join(Standing)}] )", text(row["reason"]))),
        evidence=links([evidence], site),
    )
