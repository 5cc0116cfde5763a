"""The strategies by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from records.registry import Registry

if TYPE_CHECKING:
    from pnncore.strategies.contract import Strategy

STRATEGIES: Final[Registry[Strategy]] = Registry("pnncore.strategies", "STRATEGY")
"""Every module of the package that has a ``STRATEGY``. What trains imports no registry: so a run depends on its own
strategy alone."""
