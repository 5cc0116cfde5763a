"""Grids: variants that are written once, with several values for some settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import product
from typing import Any

Json = dict[str, Any]

GRID = "grid"
"""Key of a variant that has one."""


def spread(variants: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """Yield variants, and in place of one with a grid a variant for each combination of its values.

    These are named after it, with a number, and their titles tell what is set.

    Parameters
    ----------
    variants
        Written variants by name.
    """
    for name, variant in variants.items():
        grid = variant.get(GRID)
        if not grid:
            yield name, variant
            continue
        plain = {key: value for key, value in variant.items() if key != GRID}
        for number, values in enumerate(product(*grid.values()), start=1):
            chosen = dict(zip(grid, values, strict=True))
            one = deepcopy(plain)
            for path, value in chosen.items():
                _put(one, path, value)
            told = ", ".join(f"{_last(path)} {_told(value)}" for path, value in chosen.items())
            yield f"{name}-{number}", one | {"title": f"{plain['title']}: {told}"}


def _put(content: Json, path: str, value: Any) -> None:
    """Set the value at a path of keys, such as ``training.learning_rate``."""
    *way, last = path.split(".")
    for key in way:
        inner = content.get(key)
        content[key] = inner if isinstance(inner, dict) else {}
        content = content[key]
    content[last] = deepcopy(value)


def _last(path: str) -> str:
    return path.rpartition(".")[2].replace("_", " ")


def _told(value: Any) -> str:
    """Return a value as a title has it: of an entry, its values."""
    if isinstance(value, Mapping):
        return " ".join(_told(each) for each in value.values())
    return "none" if value is None else str(value)
