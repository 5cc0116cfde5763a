"""An optimiser's step along the mean change of networks."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats
from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from pnncore.combining.mean import mean_of
from pnncore.optimisers.registry import OPTIMISERS
from records.combining import Outer


def merge(settings: Outer, gathered: Gathered, state: RuleState) -> Merged:
    """Return the network that the optimiser makes of the last one, with the mean change of the children, reversed."""
    optimiser = OPTIMISERS.of(settings.optimiser)
    network = gathered.start.copy()
    memory: Floats = state.get("memory", np.zeros((optimiser.memory, len(network)), network.dtype))
    memory = memory.copy()
    before = int(state["steps"][0]) if "steps" in state else 0
    reversed_change = network - mean_of(gathered.children)
    optimiser.step(settings.optimiser, settings.rate, before, network, memory, reversed_change)
    return Merged(network, state={"memory": memory, "steps": np.array([before + 1.0])})


RULE = Rule(
    Outer,
    merge,
    "step along the mean",
    lambda children: children + 6,
    keeps_one=False,
    averages=False,
)
