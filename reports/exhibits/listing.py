"""What our code does, step by step, in words of our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

INDENT = "  "


@dataclass(frozen=True)
class Listing:
    """The steps of an algorithm.

    Attributes
    ----------
    lines
        How deep each step lies inside others, and what is done.
    code
        The modules that do it.
    """

    template: ClassVar[str] = "listing.html.j2"

    lines: tuple[tuple[int, str], ...]
    code: tuple[str, ...]


def listing(exhibit: Mapping[str, Any]) -> Listing:
    """Read the steps of an exhibit.

    Parameters
    ----------
    exhibit
        The exhibit in the configuration; two spaces before a step put it one deeper.
    """
    steps = exhibit["steps"]
    return Listing(
        lines=tuple((_depth(step), step.strip()) for step in steps),
        code=tuple(exhibit["code"]),
    )


def _depth(step: str) -> int:
    return (len(step) - len(step.lstrip())) // len(INDENT)
