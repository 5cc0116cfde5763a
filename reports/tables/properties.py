"""Examined properties of functions and gradients."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from records.kinds.property import PropertyRecord
from reports.tables.collections import Found, Member, read_records
from reports.tables.facts import Facts


def read_properties(paths: Iterable[str | Path]) -> Found[tuple[str, Facts]]:
    """Read the name and facts of each property in collections."""
    return read_records(paths, PropertyRecord, property_of)


def property_of(member: Member[PropertyRecord]) -> tuple[str, Facts]:
    """Return the name and facts in the record of a property."""
    record = member.record
    return record.property, Facts(member.path.as_posix(), record.facts, record.replicates)
