"""The optimisers by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from records.registry import Registry

if TYPE_CHECKING:
    from pnncore.optimisers.contract import Optimiser

OPTIMISERS: Final[Registry[Optimiser]] = Registry(
    "pnncore.optimisers", "OPTIMISER", tagged=lambda optimiser: optimiser.settings
)
"""Every module of the package that has an ``OPTIMISER``."""
