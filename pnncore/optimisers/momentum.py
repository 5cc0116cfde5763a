"""Heavy-ball momentum."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats
from pnncore.kernels.steps import VELOCITY
from pnncore.optimisers.formula import Constants, Formula, make_optimiser
from records.optimisers import Heavy, Momentum


def factors(settings: Momentum, rates: Floats, before: int) -> Floats:
    """Return the rate as the factor of the velocity."""
    zero = np.zeros_like(rates)
    return np.stack([zero, rates, zero], axis=1)


def constants(settings: Heavy) -> Constants:
    """Return the share of the velocity that an update keeps."""
    return Constants(decay=settings.momentum)


OPTIMISER = make_optimiser(Momentum, Formula(VELOCITY, factors, constants, memory=1))
