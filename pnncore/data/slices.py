"""How the training samples are dealt out to child networks (KS-A03: the paper does not say)."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from pnncore.arrays import Indices
from pnncore.randomness import stream
from records.errors import InputError

Slices: TypeAlias = Literal["contiguous", "strided", "random", "redrawn"]


def deal(kind: Slices, samples: int, workers: int, seed: int, epoch: int) -> list[Indices]:
    """Split sample positions into disjoint slices that cover them all.

    Sizes differ by one at most: the first ``samples % workers`` slices have one more. Within a slice the positions
    ascend, so that a single slice is all samples in file order whatever the kind.

    Parameters
    ----------
    kind
        ``contiguous`` blocks in file order, ``strided`` (every n-th), ``random`` (drawn once), or ``redrawn``
        (drawn anew each epoch).
    samples
        Number of training samples.
    workers
        Number of slices.
    seed
        Seed of the run.
    epoch
        Epoch for which the slices are, from 1; matters for ``redrawn`` alone.

    Returns
    -------
    list of ndarray
        Positions, int64, one array a worker.

    Raises
    ------
    InputError
        If there are more workers than samples.
    """
    if workers > samples:
        raise InputError(
            f"workers: {workers} workers cannot share {samples} training samples; at most {samples} can"
        )
    if kind == "strided":
        return [np.arange(worker, samples, workers) for worker in range(workers)]
    if kind == "contiguous":
        return list(np.array_split(np.arange(samples), workers))
    drawn = stream(seed, "slice", epoch=epoch if kind == "redrawn" else 0).permutation(samples)
    return [np.sort(part) for part in np.array_split(drawn, workers)]
