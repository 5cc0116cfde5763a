"""Facts of datasets and properties, with the file that holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from records.record import CHECKSUM
from reports.documents import Node
from reports.tables.collections import DATASET, Found, read_records

OF_RECORDS: Final = ("record", "version", CHECKSUM)
"""The keys that every record has."""


@dataclass(frozen=True)
class Facts:
    """Facts of a dataset or a property, and the path of their file."""

    path: str
    content: Mapping[str, Any]


def read_facts(paths: Iterable[Path]) -> Found[tuple[str, Facts]]:
    """Read the name and facts of prepared datasets (``dataset.json``)."""
    return read_records(paths, DATASET, _facts)


def _facts(root: Node) -> tuple[str, Facts]:
    content = {name: value for name, value in root.value.items() if name not in OF_RECORDS}
    return root["name"].text(), Facts(root.file.as_posix(), content)
