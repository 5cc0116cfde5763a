"""The mean of networks, weighted by their numbers of samples."""

from __future__ import annotations

import numpy as np

from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from pnncore.combining.mean import weighted_mean
from records.combining import Weighted


def merge(settings: Weighted, gathered: Gathered, state: RuleState) -> Merged:
    """Return the weighted mean of the children, computed in float64; the plain one of children without samples."""
    return Merged(weighted_mean(gathered.children, gathered.samples.astype(np.float64)))


RULE = Rule(Weighted, merge, "weighted mean", lambda children: 2 * children)
