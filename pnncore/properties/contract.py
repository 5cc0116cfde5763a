"""What a property is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pnncore.data.dataset import Dataset

Facts: TypeAlias = Mapping[str, Any]
"""Numbers by name, or further mappings of them."""


@dataclass(frozen=True)
class Property:
    """Something that claims are tested by and that takes no run.

    Attributes
    ----------
    name
        Name in configurations and in the registry.
    summary
        One sentence: what is examined.
    examine
        Given a dataset, finds the facts.
    """

    name: str
    summary: str
    examine: Callable[[Dataset], Facts]
