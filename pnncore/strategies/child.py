"""Training of a child network on its own samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pnncore.arrays import Indices, Labels
from pnncore.kernels.listed import Listed
from pnncore.network.network import Network
from pnncore.network.sgd import Trained, train_epoch
from pnncore.randomness import stream
from pnncore.strategies.contract import Resume, State
from records.settings import Training


def train_child(
    network: Network,
    listed: Listed,
    labels: Labels,
    samples: Indices,
    training: Training,
    seed: int,
    worker: int,
    epochs: range,
) -> tuple[Network, Trained]:
    """Train a copy of a network on some samples.

    Parameters
    ----------
    network
        The starting network; not changed, because other workers may start from it, too.
    listed, labels
        All training samples: lists of their pixels, and their classes, shape (samples,).
    samples
        Positions of this network's samples.
    training
        Hyper-parameters.
    seed, worker
        Address of the random streams for shuffling.
    epochs
        Epochs to train, from 1; not empty.

    Returns
    -------
    Network
        The trained copy.
    Trained
        What the last epoch was like.
    """
    child = network.copy()
    for epoch in epochs:
        order = order_of(samples, training, seed, worker, epoch)
        trained = train_epoch(child, listed, labels, order, training)
    return child, trained


def order_of(samples: Indices, training: Training, seed: int, worker: int, epoch: int) -> Indices:
    """Return a worker's samples in the order in which an epoch visits them."""
    if not training.shuffle:
        return samples
    return stream(seed, "shuffle", worker, epoch).permutation(samples)


def state_of(children: Sequence[Network]) -> State:
    """Return the child networks' state: their parameters, shape (children, parameters)."""
    return {"children": np.stack([child.parameters for child in children])}


def restore(children: Sequence[Network], resume: Resume) -> None:
    """Write the saved parameters into child networks, which must not share parameters."""
    for child, parameters in zip(children, resume.state["children"], strict=True):
        child.parameters[...] = parameters
