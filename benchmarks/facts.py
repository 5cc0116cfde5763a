"""What a benchmark finds out: one fact a row, as a table to read and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """What a value should reach: at least, or at most, a number."""

    relation: str
    bound: float

    def __str__(self) -> str:
        return f"{self.relation} {self.bound:g}"

    def is_met(self, value: float) -> bool:
        """Whether a value reaches it."""
        return value >= self.bound if self.relation == ">=" else value <= self.bound


@dataclass(frozen=True)
class Fact:
    """One measured value.

    Attributes
    ----------
    case
        The benchmark, and what it was run with where there are several.
    quantity
        ``seconds`` an epoch of 60,000 samples takes; ``ratio`` of a peer's seconds to ours; ``share_of_limit`` and
        ``dense_share_of_limit``: see `benchmarks.machine`; ``efficiency``; ``lost_share`` and ``accuracy_spread``: see
        `benchmarks.race`; ``peak_memory``.
    peer
        Whose value it is, or whom or what ours is compared with.
    value, unit
        The value; a number without a unit has none.
    target
        What the value should reach, if that was decided.
    samples
        How many samples were timed, from which seconds an epoch are scaled.
    data
        What the samples are.
    note
        What a reader needs to know to judge the value.
    """

    case: str
    quantity: str
    peer: str
    value: float
    unit: str = ""
    target: Target | None = None
    samples: int | None = None
    data: str = ""
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether the target was reached; empty without one."""
        if self.target is None:
            return ""
        return "reached" if self.target.is_met(self.value) else "MISSED"


def write_csv(facts: Iterable[Fact], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        columns = [field.name for field in fields(Fact)]
        writer.writerow(columns)
        writer.writerows([getattr(fact, column) for column in columns] for fact in facts)


def as_text(facts: Sequence[Fact]) -> str:
    """Lay facts out for the terminal, and say which targets were missed."""
    lines = []
    for case, group in groupby(facts, key=lambda fact: fact.case):
        first, *more = group
        lines += ["", f"{case}: {first.note} ({first.data})", _line(replace(first, note=""))]
        lines += map(_line, more)
    return "\n".join([*lines, "", *_summary(facts)])


def _line(fact: Fact) -> str:
    value = f"{fact.value:10.4g} {fact.unit:<2}"
    target = str(fact.target or "")
    columns = f"  {fact.quantity:<21} {fact.peer:<20} {value}  {target:<7} {fact.verdict:<7}"
    return f"{columns} {fact.note}".rstrip()


def _summary(facts: Iterable[Fact]) -> list[str]:
    judged = [fact for fact in facts if fact.target]
    missed = [fact for fact in judged if fact.verdict == "MISSED"]
    lines = [f"Targets reached: {len(judged) - len(missed)} of {len(judged)}."] if judged else []
    for fact in missed:
        value = f"{fact.value:.3g} {fact.unit}".rstrip()
        lines.append(
            f"MISSED: {fact.case}, {fact.quantity}, {fact.peer}: {value}, not {fact.target}"
        )
    return lines
