"""The merge rules by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from records.registry import Registry

if TYPE_CHECKING:
    from pnncore.combining.contract import Rule

RULES: Final[Registry[Rule]] = Registry(
    "pnncore.combining", "RULE", tagged=lambda rule: rule.settings
)
"""Every module of the package that has a ``RULE``."""
