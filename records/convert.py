"""JSON content as typed entries."""

from __future__ import annotations

import re
from typing import Any, Final, TypeVar

import msgspec

from records.errors import InputError

T = TypeVar("T")

FIELD: Final = re.compile(r"Object (?P<fault>.+) field `(?P<key>.+)`")
"""A fault of msgspec's about a key that is unknown or missing."""


def convert(content: Any, entry: type[T], source: str) -> T:
    """Return content as a typed entry.

    Parameters
    ----------
    content
        The content, as it was read.
    entry
        The type, such as `records.job.Run`.
    source
        The file or the option that it comes from, for the error.

    Raises
    ------
    InputError
        If a key is missing or unknown, or a value is not allowed: the first mistake, with its key.
    """
    try:
        return msgspec.convert(content, entry)
    except msgspec.ValidationError as error:
        fault, _, way = str(error).partition(" - at `$")
        key = way.strip(".`")
        if found := FIELD.fullmatch(fault):
            key = f"{key}.{found['key']}".removeprefix(".")
            fault = "unknown key" if found["fault"].startswith("contains") else "is missing"
        raise InputError(f"{source}: {key}: {fault}" if key else f"{source}: {fault}") from error
