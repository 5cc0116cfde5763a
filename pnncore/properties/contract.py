"""The interface of properties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pnncore.data.dataset import Dataset

Facts: TypeAlias = Mapping[str, Any]
"""Numbers by name, nested where needed."""


@dataclass(frozen=True)
class Property:
    """An examination, without a run, that claims are tested against.

    Attributes
    ----------
    name
        Name in configurations and in the registry.
    summary
        One sentence: what is examined.
    examine
        Computes the facts, given a dataset.
    alone
        Whether it measures times, and so has the machine to itself.
    """

    name: str
    summary: str
    examine: Callable[[Dataset], Facts]
    alone: bool = False
