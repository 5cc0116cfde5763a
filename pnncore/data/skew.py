"""Slices of the training samples that are not alike, because labels are dealt out unevenly."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Indices, Labels
from pnncore.randomness import stream
from records.errors import InputError
from records.slices import Skew


def deal_unevenly(skew: Skew, labels: Labels, workers: int, seed: int) -> list[Indices]:
    """Split all sample positions into disjoint slices whose classes differ.

    Parameters
    ----------
    skew
        How they differ.
    labels
        Classes of the training samples, shape (samples,).
    workers
        Number of slices.
    seed
        Seed of the run.

    Returns
    -------
    list of ndarray
        Positions, int64, ascending, one array per worker; none is empty: a slice that no sample was dealt to gets one
        of the longest.

    Raises
    ------
    InputError
        If there are more workers than samples, or so few classes in each slice leave some class out.
    """
    if len(labels) < workers:
        raise InputError(
            f"slices: {workers} workers have {len(labels)} samples; take {len(labels)} workers or fewer"
        )
    classes = np.unique(labels)
    rng = stream(seed, "slice")
    if skew.labels is not None:
        if workers * skew.labels < len(classes):
            raise InputError(
                f"slices.labels: {workers} slices of {skew.labels} classes leave some of the {len(classes)} out; give "
                f"each {-(-len(classes) // workers)} or more"
            )
        shares = _even_shares(rng, len(classes), workers, min(skew.labels, len(classes)))
    else:
        shares = rng.dirichlet(np.full(workers, skew.concentration), len(classes))
    slices = _split(rng, labels, shares)
    for empty in (worker for worker in range(workers) if not len(slices[worker])):
        longest = max(range(workers), key=lambda worker: len(slices[worker]))
        slices[longest], slices[empty] = slices[longest][:-1], slices[longest][-1:]
    return slices


def _even_shares(
    rng: np.random.Generator, classes: int, workers: int, each: int
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return each slice's part of each class, shape (classes, workers): slices have `each` classes in a drawn order."""
    drawn = rng.permutation(classes)
    holds = np.zeros((classes, workers))
    for worker in range(workers):
        for place in range(each):
            holds[drawn[(worker * each + place) % classes], worker] = 1
    shares: np.ndarray[tuple[int, int], np.dtype[np.float64]] = holds / holds.sum(
        axis=1, keepdims=True
    )
    return shares


def _split(
    rng: np.random.Generator,
    labels: Labels,
    shares: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> list[Indices]:
    """Split each class, in a drawn order, by the slices' parts of it."""
    slices: list[list[Indices]] = [[] for _ in range(shares.shape[1])]
    for label, parts in zip(np.unique(labels), shares, strict=True):
        positions = rng.permutation(np.nonzero(labels == label)[0])
        ends = np.round(np.cumsum(parts) * len(positions)).astype(np.int64)
        for held, part in zip(slices, np.split(positions, ends[:-1]), strict=True):
            held.append(part)
    return [np.sort(np.concatenate(held)) for held in slices]
