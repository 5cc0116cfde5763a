"""The mean of networks, weighted by their numbers of samples."""

from __future__ import annotations

import numpy as np

from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from records.combining import Weighted


def merge(settings: Weighted, gathered: Gathered, state: RuleState) -> Merged:
    """Return the weighted mean of the children, computed in float64."""
    mean = np.average(gathered.children, axis=0, weights=gathered.samples)
    return Merged(mean.astype(gathered.children.dtype))


RULE = Rule(Weighted, merge, "weighted mean", lambda children: 2 * children)
