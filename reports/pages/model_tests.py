"""Tests of fitted models at published points: what is held out, and the baselines that a model has to beat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from reports.exhibits.figure import PUBLISHED
from reports.exhibits.quantity import percent, signed
from reports.pages.model_summary import PUBLISHED_TARGET, Summary, Target
from reports.pages.paper_tables import PaperTables
from reports.tables.model_error import BASELINES, MODEL, TESTS, UNFITTED

TARGETS: Final[dict[str, Target]] = {
    "machine": Target(median=0.15, worst=0.25),
    "forward": Target(median=0.05, worst=0.10),
    "point": PUBLISHED_TARGET,
}
"""The errors that models should keep to, by what is held out."""

UNFITTED_TARGET: Final = Target(median=0.25)

POINT: Final = ["paper", "machine", "workers"]
"""The columns that identify a published point."""


@dataclass(frozen=True)
class Skill:
    """A model beside a baseline, at the points that the baseline can be asked for.

    Attributes
    ----------
    baseline
        The baseline's name.
    model, other
        The errors of the model and of the baseline.
    """

    baseline: str
    model: Summary
    other: Summary

    @property
    def value(self) -> float:
        """What share of the baseline's median error the model does not make; below 0 if it errs more."""
        return 1 - self.model.median / self.other.median

    @property
    def printed(self) -> str:
        """The skill as a percentage with its sign."""
        return signed(self.value)

    @property
    def words(self) -> str:
        """The skill in words."""
        return (
            f"{BASELINES[self.baseline]}: {percent(self.other.median)} against the model’s "
            f"{percent(self.model.median)} at {self.other.points} points"
        )


@dataclass(frozen=True)
class Row:
    """The errors of a paper's model in a test, or of all papers' models.

    Attributes
    ----------
    paper
        The paper, or ``all``.
    test
        What is held out, in words.
    model
        The errors of the model.
    skills
        The model beside each baseline, the best baseline first.
    """

    paper: str
    test: str
    model: Summary
    skills: tuple[Skill, ...]

    @property
    def best(self) -> Skill:
        """The baseline that leaves the model the least skill."""
        return self.skills[0]


@dataclass(frozen=True)
class Tests:
    """The tests of all models.

    Attributes
    ----------
    unfitted
        Whether the target of the models without any fit is met.
    judged
        Whether the target of each test is met, in words.
    rows
        The errors of all models, and of each, from the hardest test on.
    beaten
        Where a baseline is at least as good as the model, in words.
    """

    unfitted: str
    judged: tuple[str, ...]
    rows: tuple[Row, ...]
    beaten: tuple[str, ...]


def model_tests(papers: Sequence[PaperTables]) -> Tests | None:
    """Return the tests of the models at published points; None if there are no models."""
    errors = pd.concat([each.model_error for each in papers], ignore_index=True)
    errors = errors[errors["against"] == PUBLISHED]
    if errors.empty:
        return None
    names = {paper.id: paper.name for paper in papers}
    rows = tuple(_rows(errors, names))
    whole = [row for row in rows if row.paper == ALL]
    tests = {words: test for test, words in TESTS.items()}
    points = errors[errors["held_out"] == "point"]
    return Tests(
        unfitted=Summary.of(points[points["method"] == UNFITTED]).judged(UNFITTED_TARGET),
        judged=tuple(
            f"{row.test.capitalize()}: {row.model.judged(TARGETS[tests[row.test]])} The skill is "
            f"{row.best.printed} ({row.best.words})."
            for row in whole
        ),
        rows=rows,
        beaten=tuple(
            f"{row.paper}, {row.test}: {skill.words}."
            for row in rows
            for skill in row.skills
            if skill.value <= 0
        ),
    )


ALL: Final = "All papers"


def _rows(errors: pd.DataFrame, names: Mapping[str, str]) -> Iterator[Row]:
    for test, words in TESTS.items():
        held = errors[errors["held_out"] == test]
        if held.empty:
            continue
        scopes = {names[str(paper)]: own for paper, own in held.groupby("paper", sort=False)}
        for scope, own in {ALL: held, **scopes}.items():
            yield Row(scope, words, Summary.of(own[own["method"] == MODEL]), skills(own))


def skills(errors: pd.DataFrame) -> tuple[Skill, ...]:
    """Return a model beside each baseline, the best baseline first.

    Parameters
    ----------
    errors
        Rows of ``model_error.csv`` of one test.
    """
    methods = {method: own.set_index(POINT) for method, own in errors.groupby("method")}
    model = methods[MODEL]
    found = [
        Skill(name, Summary.of(model.loc[methods[name].index]), Summary.of(methods[name]))
        for name in BASELINES
        if name in methods
    ]
    return tuple(sorted(found, key=lambda each: each.value))


def best_baseline_errors(errors: pd.DataFrame) -> dict[tuple[str, int], str]:
    """Return the error of the best baseline at each point left out, by machine and workers, in words.

    Parameters
    ----------
    errors
        The table ``model_error.csv`` of a paper.
    """
    held = errors[errors["held_out"] == "point"]
    best = held[held["method"] == skills(held)[0].baseline]
    return {
        (str(row["machine"]), int(row["workers"])): signed(row["relative_error"])
        for row in best.to_dict("records")
    }
