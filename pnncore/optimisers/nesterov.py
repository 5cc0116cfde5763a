"""Nesterov's momentum."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats
from pnncore.kernels.steps import VELOCITY
from pnncore.optimisers.formula import Constants, Formula, make_optimiser
from records.optimisers import Nesterov


def factors(settings: Nesterov, rates: Floats, before: int) -> Floats:
    """Return the rate as the factor of the gradient, and a share of it as that of the velocity."""
    return np.stack([rates, settings.momentum * rates, np.zeros_like(rates)], axis=1)


def constants(settings: Nesterov) -> Constants:
    """Return the share of the velocity that an update keeps."""
    return Constants(decay=settings.momentum)


OPTIMISER = make_optimiser(Nesterov, Formula(VELOCITY, factors, constants, memory=1))
