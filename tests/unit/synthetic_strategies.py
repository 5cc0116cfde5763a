"""What a made-up study says of its strategies: what a resolved one would."""

from __future__ import annotations

from typing import Any

import msgspec

from records.dataset import Image
from records.strategy import Diagram, Division
from reports.exhibits.registry import KINDS
from workflow.strategies import presented as everything
from workflow.strategies import words

DIGITS = (Image(height=28, width=28), 10)
"""Size of an image, and number of classes."""


def presented(study: dict[str, Any]) -> dict[str, Any]:
    """Return a made-up study with what there is to say of all strategies, and with the words of its diagrams."""
    known = {**study, "strategies": msgspec.to_builtins(everything())}
    return {**known, "diagrams": msgspec.to_builtins(_diagrams(known))}


def _diagrams(study: dict[str, Any]) -> dict[str, Diagram | Division]:
    kinds = {name: KINDS.named(entry["chart"]) for name, entry in study["exhibits"].items()}
    return {
        name: words(kind.strategy(kind.read(study["exhibits"][name]), study), *DIGITS)
        for name, kind in kinds.items()
        if kind.strategy
    }
