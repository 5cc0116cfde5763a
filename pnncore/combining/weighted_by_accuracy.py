"""The mean of networks, weighted by how many samples that were kept apart they classify correctly."""

from __future__ import annotations

import numpy as np

from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from pnncore.kernels.apart import weighted_sum
from records.combining import WeightedByAccuracy


def merge(settings: WeightedByAccuracy, gathered: Gathered, state: RuleState) -> Merged:
    """Return the weighted mean of the children; the plain one if none classifies anything correctly."""
    weights = np.array([gathered.accuracy(child) for child in gathered.children])
    if not weights.any():
        weights[:] = 1
    return Merged(weighted_sum(gathered.children, weights, weights.sum()))


RULE = Rule(WeightedByAccuracy, merge, "weighted mean", lambda children: 2 * children)
