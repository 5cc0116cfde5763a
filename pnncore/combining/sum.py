"""The sum of networks."""

from __future__ import annotations

import numpy as np

from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from records.combining import Sum


def merge(settings: Sum, gathered: Gathered, state: RuleState) -> Merged:
    """Return the sum of the children, computed in float64 and in their order."""
    total = gathered.children.sum(axis=0, dtype=np.float64)
    return Merged(total.astype(gathered.children.dtype))


RULE = Rule(Sum, merge, "sum", averages=False)
