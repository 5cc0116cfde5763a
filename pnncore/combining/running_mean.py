"""The mean of the last merged networks."""

from __future__ import annotations

import numpy as np

from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from pnncore.combining.mean import mean_of
from records.combining import RunningMean


def merge(settings: RunningMean, gathered: Gathered, state: RuleState) -> Merged:
    """Return the mean of the last means of the children, which go on from the last one."""
    last = mean_of(gathered.children)
    earlier = [state["means"]] if "means" in state else []
    kept = np.concatenate([*earlier, last[None]])[-settings.last :]
    return Merged(mean_of(list(kept)), [last] * len(gathered.children), {"means": kept})


RULE = Rule(
    RunningMean,
    merge,
    "running mean",
    lambda children: children + 6,
    keeps_one=False,
    averages=False,
)
