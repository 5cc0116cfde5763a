"""A JSON document that names the file and the key of whatever is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from sys import float_info
from typing import Any, Final, NoReturn

from records.errors import InputError
from reports.files import read_json

MOST: Final = (1 << 63) - 1
"""The largest whole number that a table holds."""


@dataclass(frozen=True)
class Node:
    """A value inside a JSON document, and the way to it.

    Parameters
    ----------
    file
        The document.
    key
        The way from the document's root, such as ``epochs[3].loss``; empty at the root.
    value
        What stands there.
    remedy
        What helps if something is missing.
    """

    file: Path
    key: str
    value: Any
    remedy: str = "the file is incomplete: delete it and run again"

    @classmethod
    def read(cls, file: Path) -> Node:
        """Read a document and return its root."""
        return cls(file, "", read_json(file))

    def fail(self, right: str, remedy: str = "") -> NoReturn:
        """Raise the one sentence that says what would be right here, and what helps."""
        what = f"{self.key} is {_short(self.value)}" if self.key else "the file"
        raise InputError(f"{self.file}: {what}; it must be {right}", remedy)

    def __getitem__(self, name: str) -> Node:
        """Return the value under a name."""
        if not isinstance(self.value, dict):
            self.fail("a mapping")
        key = f"{self.key}.{name}" if self.key else name
        if name not in self.value:
            raise InputError(f"{self.file}: {key} is missing", self.remedy)
        return Node(self.file, key, self.value[name], self.remedy)

    def __iter__(self) -> Iterator[Node]:
        """Go through the items of a list."""
        if not isinstance(self.value, list):
            self.fail("a list")
        return (
            Node(self.file, f"{self.key}[{i}]", item, self.remedy)
            for i, item in enumerate(self.value)
        )

    def names(self) -> list[str]:
        """Return the names in a mapping."""
        if not isinstance(self.value, dict):
            self.fail("a mapping")
        return list(self.value)

    def text(self) -> str:
        """Return a text."""
        if not isinstance(self.value, str) or not self.value:
            self.fail("a text")
        return self.value

    def one_of(self, choices: Sequence[str]) -> str:
        """Return a text out of a closed set."""
        if self.value not in choices:
            self.fail(" or ".join(choices))
        return str(self.value)

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            self.fail("true or false")
        return self.value

    def whole(self, minimum: int = 0) -> int:
        """Return a whole number."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or self.value < minimum:
            self.fail(f"a whole number of {minimum} or more")
        if self.value > MOST:
            self.fail(f"a whole number of {MOST} or less")
        return self.value

    def number(self, minimum: float = -inf, maximum: float = inf) -> float:
        """Return a finite number, between bounds where there are any."""
        wrong_type = not isinstance(self.value, int | float) or isinstance(self.value, bool)
        # JSON has whole numbers that no float holds.
        if wrong_type or abs(self.value) > float_info.max or not minimum <= self.value <= maximum:
            self.fail(f"a {_bounded(minimum, maximum)}")
        return float(self.value)


def _bounded(minimum: float, maximum: float) -> str:
    if minimum == -inf:
        return "finite number"
    return f"number from {minimum:g} {'on' if maximum == inf else f'to {maximum:g}'}"


def _short(value: object) -> str:
    try:
        text = "nothing" if value is None else repr(value)
    except RecursionError:
        return "nested too deep"
    return text if len(text) <= 40 else f"{text[:37]}..."
