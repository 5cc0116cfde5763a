"""A network that trains alone on its own samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pnncore.arrays import Indices, Labels, Pixels
from pnncore.network.network import Network
from pnncore.network.sgd import train_epoch
from pnncore.randomness import stream
from pnncore.strategies.contract import Resume, State
from records.settings import Training


def train_child(
    network: Network,
    pixels: Pixels,
    labels: Labels,
    samples: Indices,
    training: Training,
    seed: int,
    worker: int,
    epochs: range,
) -> tuple[Network, float]:
    """Train a copy of a network on some samples.

    Parameters
    ----------
    network
        Where to start; unchanged, because other workers may start from it too.
    pixels, labels
        All training samples, shapes (samples, inputs) and (samples,).
    samples
        Positions of those that this network sees.
    training
        Hyper-parameters.
    seed, worker
        Address of the shuffling's random streams.
    epochs
        Which epochs to train, from 1; not empty.

    Returns
    -------
    Network
        The trained copy.
    float
        Training loss per sample over the last of the epochs.
    """
    child = network.copy()
    loss = 0.0
    for epoch in epochs:
        order = samples
        if training.shuffle:
            order = stream(seed, "shuffle", worker, epoch).permutation(samples)
        loss = train_epoch(child, pixels, labels, order, training)
    return child, loss


def state_of(children: Sequence[Network]) -> State:
    """Return what child networks go on from: their parameters, shape (children, parameters)."""
    return {"children": np.stack([child.parameters for child in children])}


def restore(children: Sequence[Network], resume: Resume) -> None:
    """Give child networks, each with parameters of its own, those that they had."""
    for child, parameters in zip(children, resume.state["children"], strict=True):
        child.parameters[...] = parameters
