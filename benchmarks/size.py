"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

EPOCH: Final = 60_000
"""Samples of an epoch, to which seconds are scaled."""


@dataclass(frozen=True)
class Size:
    """Timed repeats, and samples that are trained on."""

    repeats: int
    samples: int

    @property
    def is_toy(self) -> bool:
        """Whether the numbers say nothing, since fewer samples than an epoch's are trained on."""
        return self.samples < EPOCH
