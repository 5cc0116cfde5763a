"""Records that one command has written and another reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pnncore.errors import PnncoreError


class Record(dict[str, Any]):
    """An object of a record, in which a missing key is told by name and file."""

    path: Path

    def __missing__(self, key: str) -> Any:
        raise PnncoreError(
            f"{self.path}: the key {key!r} is missing; delete the file and run again"
        )


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
    PnncoreError
        If the file cannot be read, is no such record or, later on, lacks a key that is asked for.
    """

    def record(content: dict[str, Any]) -> Record:
        made = Record(content)
        made.path = path
        return made

    try:
        content = json.loads(path.read_text(encoding="utf-8"), object_hook=record)
    except OSError as error:
        raise PnncoreError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise PnncoreError(
            f"{path}: is not JSON: {error}; delete the file and run again"
        ) from error
    if not isinstance(content, Record) or content.get("record") != kind:
        raise PnncoreError(f"{path}: is no {kind} record; delete the file and run again")
    if content.get("version") != version:
        raise PnncoreError(
            f"{path}: version: is {content.get('version')!r}, must be {version}; delete the file and run again"
        )
    return content


def number(record: Mapping[str, Any], key: str) -> float:
    """Return a number of a record that is not negative.

    Raises
    ------
    PnncoreError
        If it is missing or something else.
    """
    value = record[key]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
        where = f"{record.path}: " if isinstance(record, Record) else ""
        raise PnncoreError(
            f"{where}{key}: must be a number from 0 up, not {value!r}; delete the file and run again"
        )
    return value
