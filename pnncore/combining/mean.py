"""The mean of networks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pnncore.arrays import Floats
from pnncore.combining.contract import AlongMean, Gathered, Merged, Rule, RuleState
from pnncore.kernels.apart import weighted_sum
from pnncore.optimisers.plain import OPTIMISER as PLAIN
from records.combining import Mean
from records.optimisers import Plain


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


def along_mean(settings: Mean, state: RuleState, merges: int, network: Floats) -> AlongMean:
    """Return that no step is taken from the mean."""
    none = np.empty((0, len(network)), network.dtype)
    return AlongMean(PLAIN.steps_at(Plain(), 1.0, 0, 0, network.dtype), none)


RULE = Rule(Mean, merge, "mean", along_mean=along_mean)
