"""The mean of networks without outliers, parameter by parameter."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log2

import numpy as np

from pnncore.arrays import Floats
from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from records.combining import Trimmed


def merge(settings: Trimmed, gathered: Gathered, state: RuleState) -> Merged:
    """Return the mean of each parameter's values but the largest and the least ones."""
    return Merged(middle_mean(gathered.children, int(settings.share * len(gathered.children))))


def middle_mean(children: Sequence[Floats], left_out: int) -> Floats:
    """Return the mean of each parameter's values but so many of the largest and of the least, in float64."""
    # NumPy sorts side by side, which for its median it does not.
    ordered = np.sort(np.stack(children), axis=0)[left_out : len(children) - left_out]
    mean: Floats = ordered.mean(axis=0, dtype=np.float64)
    return mean.astype(ordered.dtype)


def comparisons(children: int) -> int:
    """Return the comparisons of sorting, at least."""
    return children * ceil(log2(max(children, 2)))


RULE = Rule(Trimmed, merge, "trimmed mean", lambda children: comparisons(children) + children)
