"""Cells of the tables of claims and findings, formatted for the pages."""

from __future__ import annotations

import json
from typing import Any

from reports.exhibits.quantity import missing, quantity, within_whole


def text(cell: Any) -> str:
    """Return a cell's text; a missing cell is empty."""
    return "" if missing(cell) else str(cell)


def printed_interval(cell: Any, ours: float, unit: str) -> str:
    """Format an interval given as a JSON pair, its unit once; a missing cell is empty."""
    if missing(cell):
        return ""
    low, high = (quantity(end, unit) for end in within_whole(json.loads(cell), ours, unit))
    (number, _, first), (_, _, last) = (end.partition("\N{NO-BREAK SPACE}") for end in (low, high))
    return f"{number if first == last else low} to {high}"


def printed_seeds(cell: Any) -> str:
    """Format the number of seeds; a missing cell is empty."""
    if missing(cell):
        return ""
    count = int(float(cell))
    return "1 seed" if count == 1 else f"{count} seeds"
