"""JSON records, with a checksum, that one command writes and another reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from records.atomic import write_text
from records.errors import InputError

FAILURE: Final = "failure"
"""Kind of the record that takes the place of a missing one: what is missing (``about``) and ``why``."""

CHECKSUM: Final = "sha256"
"""Key of the checksum of all other keys."""


class Record(dict[str, Any]):
    """A JSON object of a record file; a missing key raises an `InputError` that names file and key."""

    path: Path

    def __missing__(self, key: str) -> Any:
        raise InputError(f"{self.path}: {key}: missing; delete the file and run again")


def sealed(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with its checksum, by which a reader detects an edit.

    The checksum is the SHA-256 of the other keys as ASCII JSON with sorted keys and Python's separators.
    """
    # Through JSON and back, which turns keys into strings: these sort differently from numbers.
    content = json.loads(json.dumps(record))
    return {**content, CHECKSUM: checksum(content)}


def checksum(record: Mapping[str, Any]) -> str:
    """Return the checksum of a record: see `sealed`."""
    content = {key: value for key, value in record.items() if key != CHECKSUM}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def is_sealed(record: Mapping[str, Any]) -> bool:
    """Return whether a record's checksum is that of its content."""
    try:
        return bool(record.get(CHECKSUM) == checksum(record))
    except RecursionError:  # nested deeper than any record of ours
        return False


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    """Write a record with its checksum, complete or not at all.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    write_text(path, as_text(record))


def as_text(record: Mapping[str, Any]) -> str:
    """Return the content of a record's file: the record with its checksum, as JSON."""
    return json.dumps(sealed(record), indent=1) + "\n"


def read_record(path: Path, kind: str, version: int) -> Record:
    """Read and verify a record.

    Parameters
    ----------
    path
        The file.
    kind, version
        Required values of its ``record`` and ``version``.

    Raises
    ------
    InputError
        If the file cannot be read, has another kind or version, or was edited; and later, when a missing key is read.
    """
    content = _read(path)
    if content.get("record") == FAILURE != kind:
        raise InputError(f"needs {content['about']}")
    if content.get("record") != kind:
        raise InputError(f"{path}: not a {kind} record; delete the file and run again")
    if content.get("version") != version:
        raise InputError(
            f"{path}: version: expected {version}, got {content.get('version')!r}; delete the file and run again"
        )
    if not is_sealed(content):
        raise InputError(
            f"{path}: {CHECKSUM}: does not match the content, which was edited; delete the file and run again"
        )
    return content


def number(record: Mapping[str, Any], key: str) -> float:
    """Return a non-negative number of a record.

    Raises
    ------
    InputError
        If it is missing, not a number, NaN or negative.
    """
    value = record[key]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
        where = f"{record.path}: " if isinstance(record, Record) else ""
        raise InputError(
            f"{where}{key}: expected a number of at least 0, got {value!r}; delete the file and run again"
        )
    return value


def _read(path: Path) -> Record:
    def record(content: dict[str, Any]) -> Record:
        found = Record(content)
        found.path = path
        return found

    try:
        content = json.loads(path.read_text(encoding="utf-8"), object_hook=record)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read: {error.strerror}; delete it and run again"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON: {error}; delete the file and run again") from error
    if not isinstance(content, Record):
        raise InputError(f"{path}: not a record; delete the file and run again")
    return content
