"""The mean of networks without outliers, parameter by parameter."""

from __future__ import annotations

import numpy as np

from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from pnncore.combining.median import comparisons
from records.combining import Trimmed


def merge(settings: Trimmed, gathered: Gathered, state: RuleState) -> Merged:
    """Return the mean of each parameter's values but the largest and the least ones."""
    left_out = int(settings.share * len(gathered.children))
    ordered = np.sort(gathered.children, axis=0)[left_out : len(gathered.children) - left_out]
    return Merged(ordered.mean(axis=0, dtype=np.float64).astype(gathered.children.dtype))


RULE = Rule(Trimmed, merge, "trimmed mean", lambda children: comparisons(children) + children)
