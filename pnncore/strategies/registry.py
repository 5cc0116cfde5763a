"""The strategies by name."""

from __future__ import annotations

from typing import Final

from pnncore.strategies.contract import Strategy
from records.registry import Registry

STRATEGIES: Final[Registry[Strategy]] = Registry("pnncore.strategies", "STRATEGY")
"""Every module of the package that has a ``STRATEGY``. What trains imports no registry: so a run depends on its own
strategy alone."""
