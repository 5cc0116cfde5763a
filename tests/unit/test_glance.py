"""The papers at a glance."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import synthetic_site

from reports.pages.glance import SUBJECTS, Said, glances
from reports.verdicts.rule import NOT_TESTABLE, REPRODUCED, UNDECIDED
from reports.verdicts.scoreboard import headline_verdicts


def claims(*changes: dict[str, Any]) -> dict[str, Said | None]:
    """Look at a paper with the first claims of the made-up one, changed."""
    tables = synthetic_site.tables()
    own = headline_verdicts(tables.claims).iloc[: len(changes)].copy()
    for place, change in zip(own.index, changes, strict=True):
        for column, value in change.items():
            own.loc[place, column] = value
    (glance,) = glances([replace(tables, claims=own)])
    return dict(zip(SUBJECTS, glance.said, strict=True))


def test_a_printed_number_that_was_tested_comes_first() -> None:
    said = claims(
        {"kind": "accuracy", "verdict": NOT_TESTABLE, "published": 0.9, "statement": "First."},
        {"kind": "accuracy", "verdict": UNDECIDED, "published": None, "statement": "Second."},
        {"kind": "convergence", "verdict": REPRODUCED, "published": 0.94}
        | {"statement": "It reaches 94 % (read as to 2 points)."},
    )
    accuracy = said["accuracy"]
    assert accuracy is not None
    assert (accuracy.statement, accuracy.badge.text) == ("It reaches 94 %.", REPRODUCED)
    assert {badge.text: count for badge, count in accuracy.counts} == Counter(
        [REPRODUCED, UNDECIDED, NOT_TESTABLE]
    )
    assert said["time"] is None


def test_without_a_printed_number_any_that_was_tested_does() -> None:
    said = claims(
        {"kind": "speedup", "verdict": NOT_TESTABLE, "published": 3.0, "statement": "Thrice."},
        {"kind": "time", "verdict": UNDECIDED, "published": None, "statement": "It is faster."},
    )
    assert said["time"] is not None
    assert said["time"].statement == "It is faster."
