"""Adam."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats, Indices
from pnncore.kernels.steps import MOMENTS
from pnncore.optimisers.formula import Constants, Formula, make_optimiser
from records.optimisers import Adam, Adaptive


def factors(settings: Adam, rates: Floats, before: int) -> Floats:
    """Return the factors that correct the bias of means that started at zero (Kingma & Ba, 2015, Algorithm 1)."""
    update = before + 1 + np.arange(len(rates))
    mean = rates / (1 - settings.decay_mean**update)
    return np.stack([np.zeros_like(rates), mean, root_factors(settings, update)], axis=1)


def root_factors(settings: Adaptive, update: Indices) -> Floats:
    """Return the factor of the root mean square in each update, counted from 1."""
    found: Floats = 1 / np.sqrt(1 - settings.decay_square**update)
    return found


def constants(settings: Adaptive) -> Constants:
    """Return both decays, and what is added to the divisor."""
    return Constants(settings.decay_mean, settings.decay_square, settings.epsilon)


OPTIMISER = make_optimiser(Adam, Formula(MOMENTS, factors, constants, memory=2))
