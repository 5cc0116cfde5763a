"""The mean of networks."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats, make_aligned
from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from pnncore.kernels.merging import PART, average
from records.combining import Mean


def mean_of(children: Floats) -> Floats:
    """Return the mean of parameters, shape (children, parameters), summed in float64 and in the children's order."""
    found = make_aligned(children.shape[1:], children.dtype)
    average(children, len(children), found, 0, len(found), np.empty(PART))
    return found


def merge(settings: Mean, gathered: Gathered, state: RuleState) -> Merged:
    """Return the mean of the children."""
    return Merged(mean_of(gathered.children))


RULE = Rule(Mean, merge, "mean")
