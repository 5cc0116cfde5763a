"""What a made-up study says of its strategies: what a resolved one would."""

from __future__ import annotations

from typing import Any

from metric_words import EPOCH_METRICS
from msgspec import structs, to_builtins

from records.convert import convert
from records.dataset import Image
from records.strategy import Diagram, Division
from records.study import Study
from reports.exhibits.registry import KINDS
from workflow.strategies import presented as everything
from workflow.strategies import words

DIGITS = (Image(height=28, width=28), 10)
"""Size of an image, and number of classes."""


def presented(content: dict[str, Any]) -> Study:
    """Return a made-up study with what there is to say of all strategies, and with the words of its diagrams."""
    study = convert({**content, "metrics": to_builtins(EPOCH_METRICS)}, Study, "study")
    return structs.replace(study, strategies=everything(), diagrams=_diagrams(study))


def _diagrams(study: Study) -> dict[str, Diagram | Division]:
    kinds = {name: KINDS.named(entry["chart"]) for name, entry in study.exhibits.items()}
    return {
        name: words(kind.strategy(kind.read(study.exhibits[name]), study), *DIGITS)
        for name, kind in kinds.items()
        if kind.strategy
    }
