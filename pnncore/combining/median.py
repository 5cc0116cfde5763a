"""The median of networks, parameter by parameter."""

from __future__ import annotations

from math import ceil, log2

import numpy as np

from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from records.combining import Median


def merge(settings: Median, gathered: Gathered, state: RuleState) -> Merged:
    """Return the median of each parameter."""
    middle = np.median(gathered.children, axis=0)
    return Merged(middle.astype(gathered.children.dtype))


def comparisons(children: int) -> int:
    """Return the comparisons of sorting, at least."""
    return children * ceil(log2(max(children, 2)))


RULE = Rule(Median, merge, "median", comparisons)
