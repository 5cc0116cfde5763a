"""Interface of merge rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pnncore.arrays import Floats, Indices
from pnncore.network.architecture import Architecture

RuleState: TypeAlias = Mapping[str, Floats]
"""What a rule remembers between two merges, arrays by name; empty before the first."""


@dataclass(frozen=True)
class Gathered:
    """What a rule merges.

    Attributes
    ----------
    children
        The children's parameters, shape (parameters,) each.
    samples
        Number of samples of each, shape (children,).
    start
        Parameters of the network that the last merge made, shape (parameters,).
    architecture
        The networks' architecture.
    accuracy
        Returns the accuracy of parameters on the samples that a rule keeps apart.
    """

    children: Sequence[Floats]
    samples: Indices
    start: Floats
    architecture: Architecture
    accuracy: Callable[[Floats], float] = lambda parameters: 1.0


@dataclass(frozen=True)
class Merged:
    """What a rule makes of it.

    Attributes
    ----------
    network
        Parameters of the merged network, shape (parameters,).
    children
        Parameters from which the children go on, shape (parameters,) each; None if all go on from the network.
    state
        What the rule remembers.
    """

    network: Floats
    children: Sequence[Floats] | None = None
    state: RuleState = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """A way to make one network of several. It is pure: the same arguments give the same result.

    Attributes
    ----------
    settings
        Type of its settings, of `records.combining.AnyRule`.
    merge
        Merges, by the settings, what was gathered, and what the rule remembers.
    words
        What it makes, as diagrams say it.
    flops
        Returns operations for a parameter, of the number of children.
    judgements
        Returns how many networks it judges, of the number of children.
    keeps_one
        Whether one child alone is its own merged network.
    averages
        Whether the merged network lies between the children.
    """

    settings: type[Any]
    merge: Callable[[Any, Gathered, RuleState], Merged]
    words: str
    flops: Callable[[int], int] = lambda children: children + 1
    judgements: Callable[[int], int] = lambda children: 0
    keeps_one: bool = True
    averages: bool = True

    @property
    def name(self) -> str:
        """Return the name in configurations, the tag of its settings."""
        return str(self.settings.__struct_config__.tag)
