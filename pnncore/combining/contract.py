"""Interface of merge rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pnncore.arrays import Floats, Indices
from pnncore.kernels.steps import Steps
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
class AlongMean:
    """The next merges of a rule that moves the merged network along the children's mean change, for compiled loops.

    Attributes
    ----------
    steps
        A step for each merge; without steps, the merged network is the mean itself.
    memory
        What the steps remember, shape (0 to 2, parameters); updated in place.
    state
        What the rule remembers after these merges.
    """

    steps: Steps
    memory: Floats
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
    along_mean
        Returns its next merges, of its settings, what it remembers, their number, and the merged network's parameters;
        None if it does more with the children than to take their mean.
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
    along_mean: Callable[[Any, RuleState, int, Floats], AlongMean] | None = None
    keeps_one: bool = True
    averages: bool = True

    @property
    def name(self) -> str:
        """Return the name in configurations, the tag of its settings."""
        return str(self.settings.__struct_config__.tag)
