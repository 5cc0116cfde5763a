"""The sum of networks."""

from __future__ import annotations

import numpy as np

from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from pnncore.kernels.apart import weighted_sum
from records.combining import Sum


def merge(settings: Sum, gathered: Gathered, state: RuleState) -> Merged:
    """Return the sum of the children, computed in float64 and in their order."""
    children = gathered.children
    return Merged(weighted_sum(children, np.ones(len(children)), 1))


RULE = Rule(Sum, merge, "sum", averages=False)
