"""What a paper says of its settings, beside what a variant has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.data_table import Cell, Comparison
from reports.quantity import NONE, quantity
from reports.scene import Scene


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
            published=Cell(quantity(entry["value"])),
            where=entry["where"],
            ours=(("", Cell(quantity(_found(scene.variant, entry["setting"])))),),
        )
        for entry in exhibit["settings"]
    )


def _found(variant: Mapping[str, Any], way: str) -> Any:
    found: Any = variant
    for key in way.split("."):
        found = found[key]
    return found
