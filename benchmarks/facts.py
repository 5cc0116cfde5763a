"""Facts that benchmarks measure, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby


@dataclass(frozen=True)
class Target:
    """A bound that a value should reach, from below or from above."""

    relation: str
    bound: float

    def __str__(self) -> str:
        return f"{self.relation} {self.bound:g}"

    def is_met(self, value: float) -> bool:
        """Return whether a value reaches the target."""
        return value >= self.bound if self.relation == ">=" else value <= self.bound


@dataclass(frozen=True)
class Fact:
    """One measured value.

    Attributes
    ----------
    case
        The benchmark, and its setting if it has several.
    quantity
        ``seconds`` of an epoch of 60,000 samples; ``ratio`` of a peer's seconds to ours; ``share_of_limit`` and
        ``dense_share_of_limit`` (see `benchmarks.machine`); ``efficiency`` and ``profile`` (see `benchmarks.workers`);
        ``lost_share`` and ``accuracy_spread`` (see `benchmarks.race`); ``peak_memory``; ``cost``, in units of what
        the peer takes (see `benchmarks.optimisers` and `benchmarks.merges`). Of growth, where seconds are as
        measured: ``exponent``, ``off_line``, and of editions ``plan``, ``plan_memory`` and ``nothing_to_do`` (see
        `benchmarks.growth`).
    peer
        The candidate that was measured, or the one that ours is compared with.
    value, unit
        The value and its unit; a plain number has no unit.
    target
        The target, if there is one.
    samples
        The number of timed samples, from which seconds are scaled to an epoch.
    data
        A description of the samples.
    note
        A note for interpreting the value.
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
        """``reached`` or ``MISSED``; empty without a target."""
        if self.target is None:
            return ""
        return "reached" if self.target.is_met(self.value) else "MISSED"


def as_text(facts: Sequence[Fact]) -> str:
    """Format facts for the terminal, with the missed targets at the end."""
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
