"""Merges of children in a strategy: by a rule, with what it remembers, and what the children go on with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pnncore.arrays import Floats, Indices
from pnncore.combining.contract import AlongMean, Gathered, Merged, RuleState
from pnncore.combining.mean import mean_of
from pnncore.combining.registry import RULES
from pnncore.combining.rounding import rounded
from pnncore.network.evaluation import Evaluator
from pnncore.network.network import Network
from pnncore.optimisers.state import OptimiserState
from pnncore.randomness import stream
from pnncore.strategies.child import Child
from pnncore.strategies.contract import State, Task
from records.combining import Judging

Flags: TypeAlias = NDArray[np.bool_]

RULE: Final = "rule."
"""What the names of the rule's own arrays start with in a state."""


@dataclass
class _Memory:
    """What is remembered between two merges besides the rule's own arrays.

    Attributes
    ----------
    merged
        Parameters of the network that the last merge made, shape (parameters,).
    unsent
        What rounding has kept back of each child's change and, last, of the merged network's, shape
        (children + 1, parameters); empty if nothing is rounded.
    late
        Changes that arrive with the next merge, shape (children, parameters); empty if none can be late.
    merges
        Number of merges so far, shape (1,).
    arrived
        Number of networks that arrived at them, shape (1,).
    """

    merged: Floats
    unsent: Floats
    late: Floats
    merges: Indices
    arrived: Indices


def kept_apart(task: Task[Any]) -> int:
    """Return the number of training samples, the last ones, on which a rule judges networks."""
    rule = task.options.combine
    return rule.judged if isinstance(rule, Judging) else 0


class Merger:
    """Merges the children of a task, again and again.

    Parameters
    ----------
    task
        The task; its options have a merge rule (`combine`), and say what becomes of biases and of optimisers' memories,
        how parameters are sent, and how often a child misses a merge or comes late.
    """

    def __init__(self, task: Task[Any]) -> None:
        self._task = task
        self._rule = RULES.of(task.options.combine)
        self._state: RuleState = {}
        if task.resume:
            saved = task.resume.state
            kept: dict[str, Any] = {each.name: saved[each.name].copy() for each in fields(_Memory)}
            self._memory = _Memory(**kept)
            self._state = {
                name.removeprefix(RULE): array
                for name, array in saved.items()
                if name.startswith(RULE)
            }

    def begin(self, networks: Sequence[Network]) -> Network:
        """Return the network before training, and remember it: what the children start with, merged."""
        parameters = [network.parameters for network in networks]
        start, options = mean_of(parameters), self._task.options
        self._memory = _Memory(
            merged=start,
            unsent=np.zeros((self._rounds * (len(networks) + 1), len(start)), start.dtype),
            late=np.zeros(((options.late > 0) * len(networks), len(start)), start.dtype),
            merges=np.zeros(1, np.int64),
            arrived=np.zeros(1, np.int64),
        )
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
        memory = self._memory
        arrive = self._arrivals(len(brought))
        sent = self._sent([network.parameters for network in brought], arrive)
        if arrive.any():
            parameters = [own for own, there in zip(sent, arrive, strict=True) if there]
            merged = self._merged(parameters, np.array(samples)[arrive], self._state)
        else:
            merged = Merged(memory.merged, state=self._state)
        network = self._network(self._received(merged.network))
        memory.merged, self._state = network.parameters, merged.state
        memory.merges += 1
        memory.arrived += arrive.sum()
        going_on = [network] * len(children)
        if merged.children is not None:
            going_on = [child.network for child in children]
            for worker, own in zip(np.nonzero(arrive)[0], merged.children, strict=True):
                going_on[worker] = self._network(own)
        states = self._states(network, [child.state for child in children])
        return network, [Child(each, state) for each, state in zip(going_on, states, strict=True)]

    def along_mean(self, merges: int) -> AlongMean:
        """Return the rule's next merges.

        Raises
        ------
        ValueError
            If the rule does not move the merged network along the children's mean.
        """
        if self._rule.along_mean is None:
            raise ValueError(f"{self._rule.name} does more with networks than to take their mean")
        return self._rule.along_mean(
            self._task.options.combine, self._state, merges, self._memory.merged
        )

    def take_over(self, merged: Floats, state: RuleState, merges: int) -> None:
        """Go on from a network that so many merges of all children have made elsewhere, and what the rule remembers."""
        self._memory.merged, self._state = merged, state
        self._memory.merges += merges
        self._memory.arrived += merges * self._task.workers

    @property
    def parameters(self) -> Floats:
        """Parameters of the network that the last merge made, shape (parameters,)."""
        return self._memory.merged

    @property
    def merges(self) -> int:
        """Number of merges so far."""
        return int(self._memory.merges[0])

    @property
    def arrived(self) -> int:
        """Number of networks that arrived at them."""
        return int(self._memory.arrived[0])

    def state(self) -> State:
        """Return what a checkpoint saves of it."""
        own: Mapping[str, Floats] = {RULE + name: array for name, array in self._state.items()}
        return {**vars(self._memory), **own}

    def _merged(self, parameters: Sequence[Floats], samples: Indices, state: RuleState) -> Merged:
        gathered = Gathered(
            parameters, samples, self._memory.merged, self._task.architecture, self._accuracy
        )
        return self._rule.merge(self._task.options.combine, gathered, state)

    @cached_property
    def _judge(self) -> Evaluator:
        task = self._task
        pixels, labels = (each[-kept_apart(task) :] for each in (task.pixels, task.labels))
        return Evaluator.of(pixels, labels, task.training.inputs)

    def _accuracy(self, parameters: Floats) -> float:
        """Return the accuracy of parameters on the samples that are kept apart; of a rule that judges."""
        return self._judge.accuracy(Network(self._task.architecture, parameters))

    def _arrivals(self, children: int) -> Flags:
        """Return which children arrive in time, shape (children,)."""
        options = self._task.options
        if not options.dropped and not options.late:
            return np.ones(children, bool)
        rng = stream(self._task.seed, "arrive", epoch=int(self._memory.merges[0]) + 1)
        arrive: Flags = rng.random(children) >= options.dropped + options.late
        return arrive

    def _sent(self, parameters: list[Floats], arrive: Flags) -> list[Floats]:
        """Return what arrives of the children's parameters; keep what is late, and what rounding loses."""
        memory, sent = self._memory, self._task.options.sent
        if self._rounds:
            for worker, own in enumerate(parameters):
                change = own - memory.merged + memory.unsent[worker]
                arrived = rounded(change, sent)
                memory.unsent[worker] = change - arrived
                parameters[worker] = memory.merged + arrived
        if len(memory.late):
            whole = [own + late for own, late in zip(parameters, memory.late, strict=True)]
            changes = (np.stack(parameters) - memory.merged) * self._is_late(arrive)
            memory.late = np.where(arrive[:, None], 0, memory.late + changes)
            return whole
        return parameters

    def _is_late(self, arrive: Flags) -> Floats:
        """Return 1 for children that come late, and 0 for those whose changes are lost, shape (children, 1)."""
        options = self._task.options
        rng = stream(self._task.seed, "lag", epoch=int(self._memory.merges[0]) + 1)
        share = options.late / (options.dropped + options.late)
        late: Floats = (rng.random(len(arrive)) < share).astype(self._memory.merged.dtype)[:, None]
        return late

    def _received(self, network: Floats) -> Floats:
        """Return what arrives of the merged network's parameters at the children."""
        if not self._rounds:
            return network
        memory = self._memory
        change = network - memory.merged + memory.unsent[-1]
        arrived = rounded(change, self._task.options.sent)
        memory.unsent[-1] = change - arrived
        return memory.merged + arrived

    @property
    def _rounds(self) -> bool:
        return bool(self._task.options.sent != "float32")

    def _network(self, parameters: Floats) -> Network:
        """Return the network with these parameters, but for biases that stay as they started."""
        network = Network(self._task.architecture, parameters)
        if self._task.options.biases == "kept":
            network, start = network.copy(), self._task.start()
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
            mean = mean_of([state.memory.reshape(-1) for state in known])
            memory, age = mean.reshape(known[0].memory.shape), known[0].age
        return [replace(state, memory=memory, age=age) for state in known]
