"""Records that one command has written and another reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from records.atomic import write_text
from records.errors import InputError

FAILURE: Final = "failure"
"""The kind of a record that stands for another one: what could not be made (``about``) and ``why``."""

CHECKSUM: Final = "sha256"
"""The key of a record that holds the checksum of all its others."""


class Record(dict[str, Any]):
    """An object of a record, in which a missing key is told by name and file."""

    path: Path

    def __missing__(self, key: str) -> Any:
        raise InputError(f"{self.path}: the key {key!r} is missing; delete the file and run again")


def sealed(record: Mapping[str, Any]) -> dict[str, Any]:
    """Add to a record the checksum of what it holds, so that whoever reads it notices an edit.

    The checksum is the SHA-256 of the other keys as JSON with sorted keys, Python's separators and nothing but ASCII.
    """
    # Through JSON and back: there, names are texts, which sort otherwise than numbers.
    content = json.loads(json.dumps(record))
    return {**content, CHECKSUM: checksum(content)}


def checksum(record: Mapping[str, Any]) -> str:
    """Return the checksum that a record must have: see `sealed`."""
    content = {key: value for key, value in record.items() if key != CHECKSUM}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def is_sealed(record: Mapping[str, Any]) -> bool:
    """Tell whether a record is as it was written."""
    try:
        return bool(record.get(CHECKSUM) == checksum(record))
    except RecursionError:  # nested deeper than any record that was written
        return False


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    """Write a record, sealed, whole or not at all.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    write_text(path, as_text(record))


def as_text(record: Mapping[str, Any]) -> str:
    """Return what a record's file holds: the record, sealed."""
    return json.dumps(sealed(record), indent=1) + "\n"


def read_record(path: Path, kind: str, version: int) -> Record:
    """Read a record.

    Parameters
    ----------
    path
        The file.
    kind, version
        What its ``record`` and ``version`` must be.

    Raises
    ------
    InputError
        If the file cannot be read, is no such record, was edited or, later on, lacks a key that is asked for.
    """
    content = _read(path)
    if content.get("record") == FAILURE != kind:
        raise InputError(f"needs {content['about']}")
    if content.get("record") != kind:
        raise InputError(f"{path}: is no {kind} record; delete the file and run again")
    if content.get("version") != version:
        raise InputError(
            f"{path}: version: is {content.get('version')!r}, must be {version}; delete the file and run again"
        )
    if not is_sealed(content):
        raise InputError(
            f"{path}: {CHECKSUM}: is not that of the rest, which was edited; delete the file and run again"
        )
    return content


def number(record: Mapping[str, Any], key: str) -> float:
    """Return a number of a record that is not negative.

    Raises
    ------
    InputError
        If it is missing or something else.
    """
    value = record[key]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
        where = f"{record.path}: " if isinstance(record, Record) else ""
        raise InputError(
            f"{where}{key}: must be a number from 0 up, not {value!r}; delete the file and run again"
        )
    return value


def _read(path: Path) -> Record:
    def record(content: dict[str, Any]) -> Record:
        made = Record(content)
        made.path = path
        return made

    try:
        content = json.loads(path.read_text(encoding="utf-8"), object_hook=record)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read: {error.strerror}; delete what is there and run again"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is not JSON: {error}; delete the file and run again") from error
    if not isinstance(content, Record):
        raise InputError(f"{path}: is no record; delete the file and run again")
    return content
