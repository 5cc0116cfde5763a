"""NADAM."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats
from pnncore.kernels.steps import MOMENTS
from pnncore.optimisers.adam import constants, root_factors
from pnncore.optimisers.formula import Formula, make_optimiser
from records.optimisers import Nadam


def factors(settings: Nadam, rates: Floats, before: int) -> Floats:
    """Return the factors of the gradient now and of the mean, which counts as that of the next update (Dozat, 2016)."""
    update = 1 + np.arange(before + len(rates) + 1)
    momenta = settings.decay_mean * (1 - 0.5 * 0.96 ** (update * settings.momentum_decay))
    products = np.cumprod(momenta)
    now, later = slice(before, before + len(rates)), slice(before + 1, None)
    gradient = rates * (1 - momenta[now]) / (1 - products[now])
    mean = rates * momenta[later] / (1 - products[later])
    return np.stack([gradient, mean, root_factors(settings, update[now])], axis=1)


OPTIMISER = make_optimiser(Nadam, Formula(MOMENTS, factors, constants, memory=2))
