"""JSON records, with a checksum, that one command writes and another reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from records.atomic import write_text
from records.convert import convert
from records.errors import InputError
from records.kinds.failure import Failure
from records.kinds.kind import Kind

CHECKSUM: Final = "sha256"
"""Key of the checksum of all other keys."""

DELETE: Final = "delete the file and run again"
"""The remedy for a damaged file that the workflow makes."""

K = TypeVar("K", bound=Kind)
Json = dict[str, Any]


def sealed(record: Mapping[str, Any]) -> Json:
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


def write_record(path: Path, record: Mapping[str, Any] | Kind) -> None:
    """Write a record with its checksum, complete or not at all.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    write_text(path, as_text(record))


def as_text(record: Mapping[str, Any] | Kind) -> str:
    """Return the content of a record's file: the record with its checksum, as JSON."""
    return json.dumps(sealed(msgspec.to_builtins(record)), indent=1) + "\n"


def read_record(path: Path, kind: type[K]) -> K:
    """Read and verify the record in a file.

    Parameters
    ----------
    path
        The file.
    kind
        The kind that the record must be of.

    Raises
    ------
    InputError
        If the file cannot be read, has another kind or version, was edited, or holds a failure instead.
    """
    return as_record(read_sealed(path, kind, Failure), kind, path)


def as_record(content: Any, kind: type[K], path: Path, place: str = "") -> K:
    """Return the content of a file, or of a place in it such as ``members[0]``, as a record of a kind.

    Raises
    ------
    InputError
        If it has another kind or version, a key is missing or wrong, or it is a failure instead.
    """
    check_kind(content, str(path), place, kind, Failure)
    if content["record"] == Failure.kind() != kind.kind():
        raise InputError(f"needs {convert(content, Failure, str(path), place).about}")
    return convert(content, kind, str(path), place)


def read_sealed(path: Path, *kinds: type[Kind]) -> Json:
    """Read a file's record of one of some kinds, less its checksum, and verify kind, version and checksum.

    Raises
    ------
    InputError
        If the file cannot be read, or a check fails.
    """
    try:
        content = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}", DELETE) from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON: {error}", DELETE) from error
    check_kind(content, str(path), "", *kinds)
    try:
        whole = content.get(CHECKSUM) == checksum(content)
    except RecursionError:  # nested deeper than any record of ours
        whole = False
    if not whole:
        raise InputError(
            f"{path}: {CHECKSUM}: does not match the content, which was edited", DELETE
        )
    return {key: value for key, value in content.items() if key != CHECKSUM}


def check_kind(content: Any, source: str, place: str, *kinds: type[Kind]) -> None:
    """Check that content is an object of one of some kinds, of its current version.

    Parameters
    ----------
    content
        The content.
    source, place
        The content's file, and its key there; empty at the root.
    *kinds
        The kinds.

    Raises
    ------
    InputError
        If a check fails.
    """
    if not isinstance(content, dict):
        raise InputError(f"{source}: {place or 'record'}: expected an object", DELETE)
    versions = {kind.kind(): kind.current() for kind in kinds}
    found, key = content.get("record"), f"{place}." if place else ""
    if not isinstance(found, str) or found not in versions:
        raise InputError(
            f"{source}: {key}record: expected {' or '.join(versions)}, got {_short(found)}", DELETE
        )
    if content.get("version") != versions[found]:
        raise InputError(
            f"{source}: {key}version: expected {versions[found]}, got {_short(content.get('version'))}",
            DELETE,
        )


def _short(value: object) -> str:
    text = repr(value) if isinstance(value, str | int | float | None) else "something else"
    return text if len(text) <= 40 else f"{text[:37]}..."
