"""Facts of datasets and properties, with the file that holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from records.kinds.dataset import DatasetRecord
from records.kinds.property import Replicates
from reports.tables.collections import Found, Member, read_records


@dataclass(frozen=True)
class Facts:
    """Facts of a dataset or a property.

    Attributes
    ----------
    path
        The file that holds them.
    content
        The facts by name, nested.
    replicates
        What the numbers of a list are; empty if lists are no numbers of replicates.
    """

    path: str
    content: Mapping[str, Any]
    replicates: Replicates = ""

    def numbers(self, way: str) -> tuple[float, ...]:
        """Return the fact at a dotted way: a single number, or one for each replicate; empty if it is neither."""
        found: Any = self.content
        for key in way.split("."):
            found = _item(found, key)
        if isinstance(found, int | float):
            return (float(found),)
        return tuple(found) if self.replicates and isinstance(found, tuple) else ()


def read_facts(paths: Iterable[str | Path]) -> Found[tuple[str, Facts]]:
    """Read the name and facts of prepared datasets (``dataset.json``)."""
    return read_records(paths, DatasetRecord, _facts)


def _item(found: Any, key: str) -> Any:
    """Return the value at a key of a mapping or at an index of a list; None if there is none."""
    if isinstance(found, list | tuple):
        return found[int(key)] if key.isdecimal() and int(key) < len(found) else None
    return found.get(key) if isinstance(found, Mapping) else None


def _facts(member: Member[DatasetRecord]) -> tuple[str, Facts]:
    content = to_builtins(member.record)
    del content["record"], content["version"]
    return member.record.name, Facts(member.path.as_posix(), content)
