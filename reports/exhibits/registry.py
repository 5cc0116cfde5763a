"""Kinds of exhibits by name."""

from __future__ import annotations

from operator import attrgetter
from typing import Any, Final

from records.registry import Registry
from reports.exhibits.contract import Kind

KINDS: Final[Registry[Kind[Any]]] = Registry("reports.exhibits.kinds", "KIND", attrgetter("keys"))
"""Every module of the package that has a ``KIND``."""
