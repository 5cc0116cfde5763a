"""Random streams, addressed by seed, purpose, worker and epoch."""

from __future__ import annotations

import numpy as np

_PURPOSES = {"initialise": 0, "slice": 1, "shuffle": 2, "label": 3, "arrive": 4, "lag": 5}


def stream(seed: int, purpose: str, worker: int = 0, epoch: int = 0) -> np.random.Generator:
    """Return the generator for one purpose of one worker in one epoch.

    Because streams are addressed rather than shared, a run gives the same numbers in whatever order or process its
    workers run, and can resume at any epoch.

    Parameters
    ----------
    seed
        Seed of the run.
    purpose
        ``initialise``, ``slice``, ``shuffle``, ``label``, ``arrive`` or ``lag``.
    worker
        Number of the worker, from 0.
    epoch
        Epoch, or merge, in which the numbers are used, from 1; 0 for numbers drawn once per run.
    """
    return np.random.default_rng([seed, _PURPOSES[purpose], worker, epoch])
