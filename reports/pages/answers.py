"""Links between claims of papers and the claims of comparisons that take up what they leave open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from records.study import Study


@dataclass(frozen=True)
class Answers:
    """Which claims take up which.

    Attributes
    ----------
    known
        Names of all claims of the site.
    taken_up_by
        Names of the claims that take up a claim, by its name.
    """

    known: frozenset[str]
    taken_up_by: Mapping[str, tuple[str, ...]]


def answers(studies: Iterable[Study]) -> Answers:
    """Return the links between the claims of studies."""
    known: set[str] = set()
    found: dict[str, tuple[str, ...]] = {}
    for study in studies:
        for claim in study.claims:
            known.add(claim.id)
            for name in claim.answers or ():
                found[name] = (*found.get(name, ()), claim.id)
    return Answers(frozenset(known), found)
