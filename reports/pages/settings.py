"""What a paper says of its settings, beside what a variant has."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reports.exhibits.quantity import NONE, quantity
from reports.exhibits.scene import Scene
from reports.pages.data_table import Cell, Comparison


def settings(exhibit: Mapping[str, Any], scene: Scene) -> tuple[Comparison, ...]:
    """Set each published setting beside ours.

    Parameters
    ----------
    exhibit
        The exhibit in the configuration.
    scene
        The variant whose settings ours are.
    """
    return tuple(
        Comparison(
            what=entry["name"],
            at=NONE,
            published=Cell(_printed(entry["value"])),
            where=entry["where"],
            ours=(("", Cell(_printed(_found(scene.variant, entry["setting"])))),),
        )
        for entry in exhibit["settings"]
    )


def _printed(value: Any) -> str:
    """Print a setting, a small number without an exponent."""
    small = isinstance(value, float) and 0 < abs(value) < 1e-3
    return format(Decimal(str(value)), "f") if small else quantity(value)


def _found(variant: Mapping[str, Any], way: str) -> Any:
    found: Any = variant
    for key in way.split("."):
        found = found[key]
    return found
