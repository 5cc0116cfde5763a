"""Read what properties were found to be."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reports.documents import Node
from reports.tables.collections import Found, read_records
from reports.tables.facts import Facts


def read_properties(paths: Iterable[Path]) -> Found[tuple[str, Facts]]:
    """Read collections of properties: the facts of each, with its name."""
    return read_records(paths, "property", property_of)


def property_of(root: Node) -> tuple[str, Facts]:
    """Check the record of a property, and return its name and facts.

    Raises
    ------
    InputError
        If the record is not whole: the sentence names the file, the key and what would be right.
    """
    facts = _facts(root["facts"])
    return root["property"].text(), Facts(root.file.as_posix(), facts.value)


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
