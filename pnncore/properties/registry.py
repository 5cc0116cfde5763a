"""The properties by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from records.registry import Registry

if TYPE_CHECKING:
    from pnncore.properties.contract import Property

PROPERTIES: Final[Registry[Property]] = Registry("pnncore.properties", "PROPERTY")
"""Every module of the package that has a ``PROPERTY``. What examines imports no registry: so a record depends on its
own property alone."""
