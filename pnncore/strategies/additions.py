"""Training of a child network that adds its weights to a merge while it learns, whenever it meets certain samples."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Indices, Labels
from pnncore.kernels.listed import Listed
from pnncore.network.network import Network
from pnncore.optimisers.contract import Optimiser
from pnncore.strategies.child import Child, order_of, train_child, train_in_order
from records.settings import Training


def train_and_add(
    child: Child,
    optimiser: Optimiser | None,
    listed: Listed,
    labels: Labels,
    samples: Indices,
    training: Training,
    seed: int,
    worker: int,
    epochs: range,
    every: int,
) -> tuple[Child, float, Network]:
    """Train a copy of a child, and add it up whenever it meets a sample whose number is a multiple (Ott's program).

    Numbers count from 1 in file order, over all samples, so that blocks of `every` samples end with a multiple each. If
    blocks are not of this size, a child may add before its end, twice or never.

    Parameters
    ----------
    child, optimiser, listed, labels, samples, training, seed, worker, epochs
        See `pnncore.strategies.child.train_child`.
    every
        In the last epoch, the copy is added after the update by each sample whose number is a multiple of this.

    Returns
    -------
    Child
        The trained copy.
    float
        Training loss per sample in the last epoch.
    Network
        The sum of what was added, rounded once.
    """
    trained, last = child, epochs[-1]
    if len(epochs) > 1:
        trained, _ = train_child(
            child, optimiser, listed, labels, samples, training, seed, worker, epochs[:-1]
        )
    order = order_of(samples, training, seed, worker, last)
    added, in_epoch = (
        np.zeros(child.network.parameters.shape),
        -(-len(order) // training.batch_size),
    )
    start, total = 0, 0.0
    for stop, times in _stops(order, training.batch_size, every):
        part = order[start:stop]
        trained, found = train_in_order(
            trained, optimiser, listed, labels, [part], training, in_epoch
        )
        total += len(part) * found.loss
        added += times * trained.network.parameters.astype(np.float64)
        start = stop
    sums = added.astype(child.network.parameters.dtype)
    return trained, total / len(order), Network(child.network.architecture, sums)


def _stops(order: Indices, batch: int, every: int) -> list[tuple[int, int]]:
    """Return the ends of the batches after which a child is added, with how often, and that of the epoch."""
    (met,) = np.nonzero((order + 1) % every == 0)
    ends = np.minimum((met // batch + 1) * batch, len(order))
    stops, times = np.unique(np.append(ends, len(order)), return_counts=True)
    times[-1] -= 1
    return list(zip(stops.tolist(), times.tolist(), strict=True))
