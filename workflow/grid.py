"""Grids: variants that are written once, with several values for some settings, or with those that a search chose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final

from workflow.overlay import merged

Json = dict[str, Any]

GRID: Final = "grid"
CHOSEN: Final = "chosen"
"""Keys of variants that are not written with all their settings."""


def combinations(name: str, grid: Mapping[str, Sequence[Any]]) -> Iterator[tuple[str, Json]]:
    """Yield each combination of a grid's values, by the path of a setting, with the name of the variant that it makes.

    Parameters
    ----------
    name
        Name of the variant with the grid.
    grid
        Values by the path of a setting.
    """
    for number, values in enumerate(product(*grid.values()), start=1):
        yield f"{name}-{number}", dict(zip(grid, values, strict=True))


def spread(name: str, variant: Json) -> Iterator[tuple[str, Json]]:
    """Yield a variant with its name; in place of one with a grid, a variant for each combination of its values.

    These are named after it, with a number, and their titles tell what is set.
    """
    grid = variant.get(GRID)
    if not grid:
        yield name, variant
        return
    plain = {key: value for key, value in variant.items() if key != GRID}
    for each, values in combinations(name, grid):
        told = ", ".join(f"{_last(path)} {_told(value)}" for path, value in values.items())
        yield each, with_values(plain, values) | {"title": f"{plain['title']}: {told}"}


def with_values(variant: Json, values: Mapping[str, Any]) -> Json:
    """Return a variant with values over its own, each at the path of a setting, such as ``training.learning_rate``."""
    found = variant
    for path, value in values.items():
        content = value
        for key in reversed(path.split(".")):
            content = {key: content}
        found = merged(found, content)
    return found


def _last(path: str) -> str:
    return path.rpartition(".")[2].replace("_", " ")


def _told(value: Any) -> str:
    """Return a value as a title has it: of an entry, its values."""
    if isinstance(value, Mapping):
        return " ".join(_told(each) for each in value.values())
    return "none" if value is None else str(value)
