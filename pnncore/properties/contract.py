"""The interface of properties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pnncore.data.dataset import Dataset
from records.kinds.property import Replicates

Facts: TypeAlias = Mapping[str, Any]
"""Numbers by name, nested where needed; a sequence of numbers has one for each replicate."""


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
    replicates
        What the numbers of a sequence are: of networks with different seeds, or repeats of a timing.
    alone
        Whether it measures times, and so has the machine to itself.
    """

    name: str
    summary: str
    examine: Callable[[Dataset], Facts]
    replicates: Replicates = ""
    alone: bool = False
