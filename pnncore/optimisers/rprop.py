"""Rprop."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats
from pnncore.kernels.steps import SIGNS
from pnncore.optimisers.formula import Constants, Formula, make_optimiser
from records.optimisers import Rprop


def factors(settings: Rprop, rates: Floats, before: int) -> Floats:
    """Return the sign of the rates: step sizes only start at the rate."""
    zero = np.zeros_like(rates)
    return np.stack([np.sign(rates), zero, zero], axis=1)


def constants(settings: Rprop) -> Constants:
    """Return the factors of a step size and its bounds."""
    return Constants(
        decay=settings.increase,
        square_decay=settings.decrease,
        least=settings.least,
        most=settings.most,
    )


OPTIMISER = make_optimiser(
    Rprop, Formula(SIGNS, factors, constants, memory=2, sizes=True), whole_batches=True
)
