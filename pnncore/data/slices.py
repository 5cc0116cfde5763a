"""Division of the training samples among child networks (KS-A03: not stated in the paper)."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Indices, Labels
from pnncore.data.skew import deal_unevenly
from pnncore.randomness import stream
from records.errors import InputError
from records.slices import Alike, AnySlices, Skew


def slices_of(
    slices: AnySlices, labels: Labels, workers: int, seed: int, epoch: int
) -> list[Indices]:
    """Split all sample positions into disjoint slices: see `deal`, and `pnncore.data.skew.deal_unevenly`."""
    if isinstance(slices, Skew):
        return deal_unevenly(slices, labels, workers, seed)
    return deal(slices, len(labels), workers, seed, epoch)


def deal(kind: Alike, samples: int, workers: int, seed: int, epoch: int) -> list[Indices]:
    """Split all sample positions into disjoint slices.

    The first ``samples % workers`` slices have one position more than the others. Positions ascend within a slice, so
    that a single slice is all samples in file order for every kind.

    Parameters
    ----------
    kind
        ``contiguous`` (blocks in file order), ``strided`` (every n-th), ``random`` (drawn once), or ``redrawn``
        (drawn again in each epoch).
    samples
        Number of training samples.
    workers
        Number of slices.
    seed
        Seed of the run.
    epoch
        Epoch, from 1; only ``redrawn`` depends on it.

    Returns
    -------
    list of ndarray
        Positions, int64, one array per worker.

    Raises
    ------
    InputError
        If there are more workers than samples.
    """
    if workers > samples:
        raise InputError(
            f"workers: {workers} workers for {samples} training samples; take at most {samples}"
        )
    if kind == "strided":
        return [np.arange(worker, samples, workers) for worker in range(workers)]
    if kind == "contiguous":
        return list(np.array_split(np.arange(samples), workers))
    drawn = stream(seed, "slice", epoch=epoch if kind == "redrawn" else 0).permutation(samples)
    return [np.sort(part) for part in np.array_split(drawn, workers)]
