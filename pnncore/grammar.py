"""What JSON must look like: tables of keys and their values, and the sentence about the first that is wrong."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from records.errors import InputError, nearest

SHOWN: Final = 60
"""Characters of a wrong value that are told."""


class Rule(Protocol):
    """What a value must be."""

    def check(self, place: str, value: Any) -> None:
        """Refuse a value that is wrong, by its place: ``option`` or ``option: key.of.the.value``."""


@dataclass(frozen=True)
class Value:
    """A value that has no parts.

    Attributes
    ----------
    right
        What it must be, in words.
    fits
        Whether a value is so.
    """

    right: str
    fits: Callable[[Any], bool]

    def check(self, place: str, value: Any) -> None:
        """Refuse a value that does not fit."""
        if not self.fits(value):
            raise _wrong(place, self.right, value)


@dataclass(frozen=True)
class Choice:
    """One of several names."""

    names: tuple[str, ...]

    def check(self, place: str, value: Any) -> None:
        """Refuse what is none of the names."""
        if not isinstance(value, str):
            raise _wrong(place, f"one of {', '.join(self.names)}", value)
        if value not in self.names:
            raise InputError(f"{place}: there is no {_shown(value)}; {nearest(value, self.names)}")


@dataclass(frozen=True)
class Listed:
    """A list.

    Attributes
    ----------
    each
        What its entries must be.
    distinct
        Whether it must have entries, no two of them the same.
    """

    each: Rule
    distinct: bool = False

    def check(self, place: str, value: Any) -> None:
        """Refuse what is no list, and a list with a wrong entry."""
        if not isinstance(value, list):
            raise _wrong(place, "a list", value)
        for number, entry in enumerate(value):
            self.each.check(f"{place}[{number}]", entry)
        if self.distinct and len(set(value)) != max(len(value), 1):
            raise InputError(f"{place}: must have an entry or more, and none of them twice")


@dataclass(frozen=True)
class Table:
    """An object.

    Attributes
    ----------
    keys
        What the value of each key must be.
    kind
        What the object is called where one of its keys is wrong.
    more
        Whether it may have other keys.
    fewer
        Whether keys may be missing.
    null
        Whether it may be null instead.
    """

    keys: Mapping[str, Rule]
    kind: str = "this object"
    more: bool = False
    fewer: bool = False
    null: bool = False

    def check(self, place: str, value: Any) -> None:
        """Refuse what is no object, a key that is unknown or missing, and a wrong value."""
        if value is None and self.null:
            return
        if not isinstance(value, dict):
            raise _wrong(place, "an object, or null" if self.null else "an object", value)
        for key in value:
            if key not in self.keys and not self.more:
                raise InputError(
                    f"{_below(place, key)}: there is no such key in {self.kind}; {nearest(key, self.keys)}"
                )
        for key, rule in self.keys.items():
            if key in value:
                rule.check(_below(place, key), value[key])
            elif not self.fewer:
                option, _, path = _below(place, key).partition(": ")
                raise InputError(
                    f"{option}: the key {path!r} is missing; docs/architecture.md shows what is needed"
                )


def choice(names: Iterable[str]) -> Choice:
    """Ask for one of several names."""
    return Choice(tuple(names))


def whole(least: int, most: int) -> Value:
    """Ask for a whole number in a range, both ends included."""

    def fits(value: Any) -> bool:
        # True is an int, and 2.0 equals one.
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return Value(f"a whole number from {least} to {most}", fits)


def number(least: float, most: float = sys.float_info.max, *, above: bool = False) -> Value:
    """Ask for a number in a range, both ends included; with `above`, without the lower one."""

    def fits(value: Any) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return value <= most and (value > least if above else value >= least)

    right = f"above {least:g}" if above else f"from {least:g}"
    return Value(f"a number {right} up to {most:.2g}", fits)


def or_null(rule: Value) -> Value:
    """Ask for null, or for what another rule says."""
    return Value(f"{rule.right}, or null", lambda value: value is None or rule.fits(value))


FLAG: Final = Value("true or false", lambda value: isinstance(value, bool))

TEXT: Final = Value(
    "a text that is not empty", lambda value: isinstance(value, str) and bool(value)
)

OBJECT: Final = Table({}, more=True)
"""An object, whatever is in it."""


def _below(place: str, key: str) -> str:
    return f"{place}{'.' if ': ' in place else ': '}{key}"


def _wrong(place: str, right: str, value: Any) -> InputError:
    return InputError(f"{place}: must be {right}, not {_shown(value)}")


def _shown(value: Any) -> str:
    """Return a value, cut if it is long: a text in quotes as everywhere, what is no text as JSON has it."""
    # What has parts may be too deep to be written.
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = repr(value) if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
