"""Random streams that depend on nothing but what they are for."""

from __future__ import annotations

import numpy as np

_PURPOSES = {"initialise": 0, "slice": 1, "shuffle": 2}


def stream(seed: int, purpose: str, worker: int = 0, epoch: int = 0) -> np.random.Generator:
    """Return the generator for one purpose of one worker in one epoch.

    A stream is addressed, not consumed in turn, so a run gives the same numbers in whatever order or process its
    workers run, and can go on from any epoch.

    Parameters
    ----------
    seed
        Seed of the run.
    purpose
        ``initialise``, ``slice`` or ``shuffle``.
    worker
        Number of the worker, from 0.
    epoch
        Epoch in which the numbers are used, from 1; 0 for what is drawn once.
    """
    return np.random.default_rng([seed, _PURPOSES[purpose], worker, epoch])
