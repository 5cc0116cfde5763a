"""Charts of bundles: the parts of Vega-Lite that they may use.

A bundle may come from elsewhere. A chart can name addresses to load and expressions that a browser evaluates; ours have
no address, and no expression but a few filters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Any, Final, NoReturn

from records.errors import InputError
from reports.exhibits.drawn_exhibit import DrawnExhibit
from reports.exhibits.layers import SHOWN

MARKS: Final = frozenset({"area", "bar", "line", "point", "rule", "text"})
"""Marks that our charts have; an image would be loaded."""

KEYS: Final = frozenset(
    {"aggregate", "align", "axis", "base", "baseline", "clip", "color", "data", "domain", "dx"}
    | {"dy", "encoding", "field", "fill", "filled", "filter", "fontSize", "format", "groupby"}
    | {"height", "interpolate", "layer", "mark", "name", "nice", "opacity", "order", "padding"}
    | {"params", "range", "scale", "shape", "size", "sort", "stack", "stroke", "strokeDash"}
    | {"strokeJoin", "strokeWidth", "text", "tickCount", "tickMinStep", "title", "tooltip"}
    | {"transform", "type", "value", "values", "width", "x", "x2", "y", "y2", "yOffset", "zero"}
)
"""Keys that our charts have. Those that load, bind or evaluate anything else are not among them."""

DATA: Final = "datasets"
"""The key of the points: lists of rows, whose keys are columns."""

CHOICES: Final[Mapping[str, frozenset[Any]]] = {
    "base": frozenset({2}),
    "filter": frozenset(
        {
            SHOWN,
            "isValid(datum.lower)",
            "datum.source === 'published'",
            "datum.source !== 'published'",
        }
    ),
    "interpolate": frozenset({"step-after"}),
    "mark": MARKS,
    "tickCount": frozenset(range(1, 11)),
    "type": MARKS | {"nominal", "quantitative", "log"},
}
"""Keys with the only values that they have."""

PLAIN: Final = re.compile(r"var\(--[\w-]+, #\w+\)|[\w #.,-]*")
"""Pattern of colours and shapes: a token or a plain text, and so no address."""

PAINTED: Final = frozenset({"color", "fill", "range", "shape", "stroke", "value"})
"""Keys of colours and shapes."""

EMPTY: Final = frozenset({"axis", "title"})
"""Keys whose value may be null; a scale of null would take colours from the data."""

IMAGE: Final = "image"
"""The name by which a tooltip takes a value for the address of an image."""

NAMES: Final = frozenset({"field", "title"})
"""Keys of the names in a tooltip."""


def check(exhibit: DrawnExhibit, path: Path) -> None:
    """Refuse an exhibit whose charts are not made as ours are.

    Parameters
    ----------
    exhibit
        The exhibit.
    path
        Its file, for the error.

    Raises
    ------
    InputError
        If a chart has a key or a value that no chart of ours has: the first one, with its key.
    """
    for number, entry in enumerate(exhibit.figure.legend):
        _check_value("color", entry.colour, f"{path}: figure.legend[{number}].colour")
    for number, panel in enumerate(exhibit.figure.panels):
        place = f"{path}: figure.panels[{number}].spec"
        chart = dict(panel.spec)
        _check_points(chart.pop(DATA, {}), f"{place}.{DATA}")
        _check_keys(chart, place)


def _check_points(datasets: Any, place: str) -> None:
    """Refuse points other than rows of numbers and texts."""
    if not isinstance(datasets, dict):
        _refuse(place, datasets)
    for rows in datasets.values():
        if not isinstance(rows, list):
            _refuse(place, rows)
        for row in rows:
            if not isinstance(row, dict) or not all(map(_is_scalar, row.values())):
                _refuse(place, row)


def _check_keys(found: Mapping[str, Any], place: str) -> None:
    for key, value in found.items():
        if key not in KEYS:
            raise InputError(f"{place}.{key}: no chart of ours has this key")
        _check_value(key, value, f"{place}.{key}")


def _check_value(key: str, value: Any, place: str) -> None:
    if isinstance(value, dict):
        _check_keys(value, place)
    elif isinstance(value, list):
        for item in value:
            _check_value(key, item, place)
    elif not _is_allowed(key, value):
        _refuse(place, value)


def _is_allowed(key: str, value: Any) -> bool:
    if key in CHOICES:
        return value in CHOICES[key]
    if value is None:
        return key in EMPTY
    if key in PAINTED and isinstance(value, str):
        return PLAIN.fullmatch(value) is not None
    # A tooltip without fields of its own shows whatever columns there are.
    return _is_scalar(value) and key != "tooltip" and not (key in NAMES and value == IMAGE)


def _is_scalar(value: Any) -> bool:
    """Return whether a value is a text, a truth value or a finite number."""
    return isinstance(value, str | bool | int) or (isinstance(value, float) and isfinite(value))


def _refuse(place: str, value: Any) -> NoReturn:
    raise InputError(f"{place}: no chart of ours has the value {str(value)[:40]!r}")
