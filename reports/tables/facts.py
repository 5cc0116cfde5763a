"""Facts of datasets and properties, with the file that holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from records.kinds.dataset import DatasetRecord
from reports.tables.collections import Found, Member, read_records


@dataclass(frozen=True)
class Facts:
    """Facts of a dataset or a property, and the path of their file."""

    path: str
    content: Mapping[str, Any]


def read_facts(paths: Iterable[str | Path]) -> Found[tuple[str, Facts]]:
    """Read the name and facts of prepared datasets (``dataset.json``)."""
    return read_records(paths, DatasetRecord, _facts)


def _facts(member: Member[DatasetRecord]) -> tuple[str, Facts]:
    content = to_builtins(member.record)
    del content["record"], content["version"]
    return member.record.name, Facts(member.path.as_posix(), content)
