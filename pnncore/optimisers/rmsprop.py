"""RMSprop."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats
from pnncore.kernels.steps import MOMENTS
from pnncore.optimisers.formula import Constants, Formula, make_optimiser
from records.optimisers import RMSprop


def factors(settings: RMSprop, rates: Floats, before: int) -> Floats:
    """Return the rate as the factor of the gradient, none of the mean, and one of the root mean square."""
    return np.stack([rates, np.zeros_like(rates), np.ones_like(rates)], axis=1)


def constants(settings: RMSprop) -> Constants:
    """Return the share of the mean square that an update keeps, and what is added to the divisor."""
    return Constants(square_decay=settings.decay, epsilon=settings.epsilon)


OPTIMISER = make_optimiser(RMSprop, Formula(MOMENTS, factors, constants, memory=2))
