"""Nesterov's momentum."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats
from pnncore.kernels.steps import VELOCITY
from pnncore.optimisers.formula import Formula, make_optimiser
from pnncore.optimisers.momentum import constants
from records.optimisers import Nesterov


def factors(settings: Nesterov, rates: Floats, before: int) -> Floats:
    """Return the rate as the factor of the gradient, and a share of it as that of the velocity."""
    return np.stack([rates, settings.momentum * rates, np.zeros_like(rates)], axis=1)


OPTIMISER = make_optimiser(Nesterov, Formula(VELOCITY, factors, constants, memory=1))
