"""The mean of networks, weighted by their numbers of samples."""

from __future__ import annotations

import numpy as np

from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from pnncore.kernels.apart import weighted_sum
from records.combining import Weighted


def merge(settings: Weighted, gathered: Gathered, state: RuleState) -> Merged:
    """Return the weighted mean of the children, computed in float64."""
    samples = gathered.samples
    return Merged(weighted_sum(gathered.children, samples.astype(np.float64), samples.sum()))


RULE = Rule(Weighted, merge, "weighted mean", lambda children: 2 * children)
