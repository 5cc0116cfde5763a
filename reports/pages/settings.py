"""Published settings beside those of a variant."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reports.exhibits.quantity import NONE, quantity
from reports.exhibits.scene import Scene
from reports.pages.data_table import Cell, Comparison


def settings(exhibit: Mapping[str, Any], scene: Scene) -> tuple[Comparison, ...]:
    """Compare each published setting with ours.

    Parameters
    ----------
    exhibit
        The exhibit's configuration.
    scene
        The variant that has our settings.
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
    """Format a setting; small numbers have no exponent."""
    small = isinstance(value, float) and 0 < abs(value) < 1e-3
    return format(Decimal(str(value)), "f") if small else quantity(value)


def _found(variant: Mapping[str, Any], path: str) -> Any:
    found: Any = variant
    for key in path.split("."):
        found = found[key]
    return found
