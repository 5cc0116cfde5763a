"""Read what properties were found to be."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reports.curves import Facts
from reports.documents import Node
from reports.records import open_record


def read_properties(paths: Iterable[Path]) -> dict[str, Facts]:
    """Read and check the records of properties.

    Returns
    -------
    dict
        Facts by the name of the property.

    Raises
    ------
    ReportError
        If a record is not whole: the sentence names the file, the key and what would be right.
    """
    records = [open_record(path, "property") for path in paths]
    return {
        record["property"].text(): Facts(record.file.as_posix(), _facts(record["facts"]).value)
        for record in records
    }


def _facts(facts: Node) -> Node:
    """Make sure that facts are numbers, or mappings of them."""
    waiting = [facts]
    while waiting:
        mapping = waiting.pop()
        for name in mapping.names():
            fact = mapping[name]
            if isinstance(fact.value, dict):
                waiting.append(fact)
            else:
                fact.number()
    return facts
