"""The mean of networks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pnncore.arrays import Floats
from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from pnncore.kernels.apart import weighted_sum
from records.combining import Mean


def mean_of(children: Sequence[Floats]) -> Floats:
    """Return the mean of parameters, shape (parameters,) each, summed in float64 and in the children's order."""
    return weighted_sum(children, np.ones(len(children)), len(children))


def weighted_mean(children: Sequence[Floats], weights: Floats) -> Floats:
    """Return the mean of parameters by weights; the plain one if all are zero.

    Parameters
    ----------
    children
        Parameters, shape (parameters,) each.
    weights
        Shape (children,), float64.
    """
    return weighted_sum(children, weights, weights.sum()) if weights.any() else mean_of(children)


def merge(settings: Mean, gathered: Gathered, state: RuleState) -> Merged:
    """Return the mean of the children."""
    return Merged(mean_of(gathered.children))


RULE = Rule(Mean, merge, "mean")
