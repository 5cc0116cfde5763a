"""An optimiser's step along the mean change of networks."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats
from pnncore.combining.contract import AlongMean, Gathered, Merged, Rule, RuleState
from pnncore.combining.mean import mean_of
from pnncore.kernels.steps import step_all
from pnncore.optimisers.formula import memory_of
from pnncore.optimisers.registry import OPTIMISERS
from records.combining import Outer


def along_mean(settings: Outer, state: RuleState, merges: int, network: Floats) -> AlongMean:
    """Return the optimiser's next steps."""
    optimiser = OPTIMISERS.of(settings.optimiser)
    memory: Floats = state.get("memory", np.zeros((optimiser.memory, len(network)), network.dtype))
    memory = memory.copy()
    before = int(state["steps"][0]) if "steps" in state else 0
    return AlongMean(
        optimiser.steps_at(settings.optimiser, settings.rate, before, merges, network.dtype),
        memory,
        {"memory": memory, "steps": np.array([before + float(merges)])},
    )


def merge(settings: Outer, gathered: Gathered, state: RuleState) -> Merged:
    """Return the network that the optimiser makes of the last one, with the mean change of the children, reversed."""
    network = gathered.start.copy()
    step = along_mean(settings, state, 1, network)
    reversed_change = network - mean_of(gathered.children)
    step_all(step.steps, memory_of(step.memory), network, reversed_change)
    return Merged(network, state=step.state)


RULE = Rule(
    Outer,
    merge,
    "step along the mean",
    lambda children: children + 6,
    along_mean=along_mean,
    keeps_one=False,
    averages=False,
)
