"""The mean of networks, weighted by how many samples that were kept apart they classify correctly."""

from __future__ import annotations

import numpy as np

from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from pnncore.combining.mean import weighted_mean
from records.combining import WeightedByAccuracy


def merge(settings: WeightedByAccuracy, gathered: Gathered, state: RuleState) -> Merged:
    """Return the weighted mean of the children; the plain one if none classifies anything correctly."""
    weights = np.array([gathered.accuracy(child) for child in gathered.children])
    return Merged(weighted_mean(gathered.children, weights))


RULE = Rule(
    WeightedByAccuracy,
    merge,
    "weighted mean",
    lambda children: 2 * children,
    judgements=lambda children: children,
)
