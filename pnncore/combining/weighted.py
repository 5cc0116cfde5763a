"""The mean of networks, weighted by their numbers of samples."""

from __future__ import annotations

import numpy as np

from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from records.combining import Weighted


def merge(settings: Weighted, gathered: Gathered, state: RuleState) -> Merged:
    """Return the weighted mean of the children, computed in float64."""
    shares = gathered.samples / gathered.samples.sum()
    total = np.zeros(gathered.children.shape[1])
    for share, child in zip(shares, gathered.children, strict=True):
        total += share * child
    return Merged(total.astype(gathered.children.dtype))


RULE = Rule(Weighted, merge, "weighted mean", lambda children: 2 * children)
