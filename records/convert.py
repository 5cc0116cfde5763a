"""JSON content as typed entries."""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias, TypeVar

import msgspec

from records.errors import InputError

T = TypeVar("T")
Step: TypeAlias = str | int

FIELD: Final = re.compile(r"Object (?P<fault>.+) field `(?P<key>.+)`")
"""A fault of msgspec's about a key that is unknown or missing."""

KINDS: Final = re.compile(r"`(?P<kinds>[a-z |]+)`")
"""Kinds of values in a message of msgspec's."""

WORDS: Final = {
    "array": "a list",
    "bool": "true or false",
    "float": "a number",
    "int": "a whole number",
    "object": "keys with values",
    "str": "text",
}
"""What people call msgspec's kinds of values."""

STEP: Final = re.compile(r"\.(?P<key>[^.\[]+)|\[(?P<place>\d+|\.\.\.)\]")
"""A step of the way to a value; msgspec does not name the keys of mappings: ``[...]``."""


def convert(content: Any, entry: type[T], source: str, place: str = "") -> T:
    """Return content as a typed entry.

    Parameters
    ----------
    content
        The content, as it was read.
    entry
        The type, such as `records.job.Run`.
    source
        The file or the option that it comes from, for the error.
    place
        The key of the content in the source, such as ``members[0]``; empty at the root.

    Raises
    ------
    InputError
        If a key is missing or unknown, or a value is not allowed: the first mistake, with its key.
    """
    try:
        return msgspec.convert(content, entry)
    except msgspec.ValidationError as error:
        fault, steps = _locate(content, entry, str(error))
        if found := FIELD.fullmatch(fault):
            steps.append(found["key"])
            fault = "unknown key" if found["fault"].startswith("contains") else "is missing"
        fault = KINDS.sub(_in_words, fault)
        for step in steps:
            place += f"[{step}]" if isinstance(step, int) else f".{step}"
        key = place.removeprefix(".")
        raise InputError(f"{source}: {key}: {fault}" if key else f"{source}: {fault}") from error


def _in_words(found: re.Match[str]) -> str:
    return " or ".join(WORDS.get(kind, kind) for kind in found["kinds"].split(" | "))


def _locate(content: Any, entry: type, message: str) -> tuple[str, list[Step]]:
    """Split a message into the fault and the way to the value that has it."""
    fault, _, way = message.replace("`key` in `$", "`$").partition(" - at `$")
    steps: list[Step] = []
    inner = content
    for step in STEP.finditer(way.removesuffix("`")):
        key: Step = step["key"]
        if step["place"] == "...":
            same = (
                name for name in inner if _message(_only(content, steps, name), entry) == message
            )
            key = next(same, "...")
        elif step["place"]:
            key = int(step["place"])
        steps.append(key)
        inner = inner[key] if key != "..." else {}
    return fault, steps


def _message(content: Any, entry: type) -> str:
    try:
        msgspec.convert(content, entry)
    except msgspec.ValidationError as error:
        return str(error)
    return ""


def _only(content: Any, steps: list[Step], name: str) -> Any:
    """Return content whose mapping at the end of some steps has one key alone."""
    if not steps:
        return {name: content[name]}
    first, *rest = steps
    changed = _only(content[first], rest, name)
    if isinstance(content, list):
        return [changed if place == first else each for place, each in enumerate(content)]
    return {**content, first: changed}
