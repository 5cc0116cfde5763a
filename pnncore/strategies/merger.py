"""Merges of children in a strategy: by a rule, with what it remembers, and what the children go on with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from pnncore.arrays import Floats, Indices
from pnncore.combining.contract import Gathered, Merged, RuleState
from pnncore.combining.registry import rule_of
from pnncore.network.network import Network
from pnncore.optimisers.state import OptimiserState
from pnncore.strategies.child import Child
from pnncore.strategies.contract import State, Task

MERGED: Final = "merged"
"""Name in a state of the network that the last merge made."""

RULE: Final = "rule."
"""What the names of the rule's own arrays start with in a state."""


class Merger:
    """Merges the children of a task, again and again.

    Parameters
    ----------
    task
        The task; its options have a merge rule (`combine`), and say what becomes of biases and of optimisers' memories.
    """

    def __init__(self, task: Task[Any]) -> None:
        self._task = task
        self._rule = rule_of(task.options.combine)
        self._start: Floats = np.empty(0)
        self._state: RuleState = {}
        if task.resume:
            saved = task.resume.state
            self._start = saved[MERGED]
            self._state = {
                name.removeprefix(RULE): array
                for name, array in saved.items()
                if name.startswith(RULE)
            }

    def begin(self, networks: Sequence[Network]) -> Network:
        """Return the network before training, and remember it: what the children start with, merged."""
        parameters = np.stack([network.parameters for network in networks])
        self._start = parameters.mean(axis=0, dtype=np.float64).astype(parameters.dtype)
        merged = self._merged(parameters, np.ones(len(networks), np.int64), {})
        return self._network(merged.network)

    def merge(
        self, brought: Sequence[Network], samples: Sequence[int], children: Sequence[Child]
    ) -> tuple[Network, list[Child]]:
        """Merge networks.

        Parameters
        ----------
        brought
            The children's networks, as they are merged.
        samples
            Number of samples that each child has trained on since the last merge.
        children
            The children.

        Returns
        -------
        Network
            The merged network.
        list of Child
            The children that go on from it.
        """
        parameters = np.stack([network.parameters for network in brought])
        merged = self._merged(parameters, np.array(samples), self._state)
        network = self._network(merged.network)
        self._start, self._state = network.parameters, merged.state
        going_on = (
            [network] * len(children)
            if merged.children is None
            else [self._network(each) for each in merged.children]
        )
        states = self._states(network, [child.state for child in children])
        return network, [Child(each, state) for each, state in zip(going_on, states, strict=True)]

    def state(self) -> State:
        """Return what a checkpoint saves of it."""
        own: Mapping[str, Floats] = {RULE + name: array for name, array in self._state.items()}
        return {MERGED: self._start, **own}

    def _merged(self, parameters: Floats, samples: Indices, state: RuleState) -> Merged:
        gathered = Gathered(parameters, samples, self._start, self._task.architecture)
        return self._rule.merge(self._task.options.combine, gathered, state)

    def _network(self, parameters: Floats) -> Network:
        """Return the network with these parameters, but for biases that stay as they started."""
        network = Network(self._task.architecture, parameters).copy()
        if self._task.options.biases == "kept":
            start = self._task.start()
            for biases, first in zip(network.biases, start.biases, strict=True):
                biases[...] = first
            network.filter_biases[...] = start.filter_biases
        return network

    def _states(
        self, network: Network, states: Sequence[OptimiserState | None]
    ) -> Sequence[OptimiserState | None]:
        """Return the optimisers' states with which the children go on."""
        known = [state for state in states if state]
        optimiser = self._task.optimiser
        if optimiser is None or not known or self._task.options.memories == "kept":
            return states
        if self._task.options.memories == "reset":
            memory, age = optimiser.start(self._task.training, network.parameters).memory, 0
        else:
            mean = np.mean([state.memory for state in known], axis=0, dtype=np.float64)
            memory, age = mean.astype(network.parameters.dtype), known[0].age
        return [replace(state, memory=memory, age=age) for state in known]
