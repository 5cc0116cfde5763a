"""Gradient descent."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats
from pnncore.kernels.steps import PLAIN
from pnncore.optimisers.formula import Formula, make_optimiser
from records.optimisers import Plain


def factors(settings: Plain, rates: Floats, before: int) -> Floats:
    """Return the rate as the factor of the gradient."""
    zero = np.zeros_like(rates)
    return np.stack([rates, zero, zero], axis=1)


OPTIMISER = make_optimiser(Plain, Formula(PLAIN, factors))
