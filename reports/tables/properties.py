"""Examined properties of functions and gradients."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reports.documents import Node
from reports.tables.collections import Found, read_records
from reports.tables.facts import Facts


def read_properties(paths: Iterable[Path]) -> Found[tuple[str, Facts]]:
    """Read the name and facts of each property in collections."""
    return read_records(paths, "property", property_of)


def property_of(root: Node) -> tuple[str, Facts]:
    """Read the name and facts in the record of a property.

    Raises
    ------
    InputError
        If a field is missing or invalid.
    """
    facts = _facts(root["facts"])
    return root["property"].text(), Facts(root.file.as_posix(), facts.value)


def _facts(facts: Node) -> Node:
    """Return facts after checking that they are numbers, or mappings of numbers."""
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
