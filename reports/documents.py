"""JSON documents: values that know their file and key, so that errors can name both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from sys import float_info
from typing import Any, Final, NoReturn

from records.errors import InputError
from reports.files import read_json

MOST: Final = (1 << 63) - 1
"""The largest whole number that a table can hold."""


@dataclass(frozen=True)
class Node:
    """A value inside a JSON document, with its file and key.

    Parameters
    ----------
    file
        The document.
    key
        The path from the document's root, such as ``epochs[3].loss``; empty at the root.
    value
        The value.
    remedy
        The remedy named in the error if a key is missing.
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
        """Raise an `InputError`: the file, the key, the expected value and the one found."""
        place = f"{self.file}: {self.key}" if self.key else f"{self.file}"
        raise InputError(f"{place}: expected {right}, got {_short(self.value)}", remedy)

    def __getitem__(self, name: str) -> Node:
        """Return the value of a key of an object."""
        if not isinstance(self.value, dict):
            self.fail("an object")
        key = f"{self.key}.{name}" if self.key else name
        if name not in self.value:
            raise InputError(f"{self.file}: {key} is missing", self.remedy)
        return Node(self.file, key, self.value[name], self.remedy)

    def __iter__(self) -> Iterator[Node]:
        """Iterate over the items of a list."""
        if not isinstance(self.value, list):
            self.fail("a list")
        return (
            Node(self.file, f"{self.key}[{i}]", item, self.remedy)
            for i, item in enumerate(self.value)
        )

    def names(self) -> list[str]:
        """Return the keys of an object."""
        if not isinstance(self.value, dict):
            self.fail("an object")
        return list(self.value)

    def text(self) -> str:
        """Return the value as a non-empty string."""
        if not isinstance(self.value, str) or not self.value:
            self.fail("a non-empty string")
        return self.value

    def one_of(self, choices: Sequence[str]) -> str:
        """Return the value as one of a set of strings."""
        if self.value not in choices:
            self.fail(" or ".join(choices))
        return str(self.value)

    def flag(self) -> bool:
        """Return the value as a Boolean."""
        if not isinstance(self.value, bool):
            self.fail("true or false")
        return self.value

    def whole(self, minimum: int = 0) -> int:
        """Return the value as a whole number, of at least `minimum`."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or self.value < minimum:
            self.fail(f"a whole number of {minimum} or more")
        if self.value > MOST:
            self.fail(f"a whole number of {MOST} or less")
        return self.value

    def number(self, minimum: float = -inf, maximum: float = inf) -> float:
        """Return the value as a finite number between the bounds."""
        wrong_type = not isinstance(self.value, int | float) or isinstance(self.value, bool)
        # JSON allows whole numbers that overflow a float.
        if wrong_type or abs(self.value) > float_info.max or not minimum <= self.value <= maximum:
            self.fail(f"a {_bounded(minimum, maximum)}")
        return float(self.value)


def _bounded(minimum: float, maximum: float) -> str:
    if minimum == -inf:
        return "finite number"
    return (
        f"number of {minimum:g} or more"
        if maximum == inf
        else f"number from {minimum:g} to {maximum:g}"
    )


def _short(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "deeply nested data"
    return text if len(text) <= 40 else f"{text[:37]}..."
