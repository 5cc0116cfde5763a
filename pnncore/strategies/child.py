"""Training of a child network on its own samples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pnncore.arrays import Indices, Labels
from pnncore.kernels.listed import Listed
from pnncore.network.network import Network
from pnncore.network.sgd import Trained, train_epoch
from pnncore.optimisers.contract import Optimiser
from pnncore.optimisers.state import OptimiserState
from pnncore.randomness import stream
from pnncore.strategies.contract import Resume, State, Task
from records.settings import Training


@dataclass(frozen=True)
class Child:
    """A network and what its optimiser remembers.

    Attributes
    ----------
    network
        The network.
    state
        The optimiser's state; None without one.
    """

    network: Network
    state: OptimiserState | None = None

    def copy(self) -> Child:
        """Return an independent copy."""
        return Child(self.network.copy(), self.state.copy() if self.state else None)


def start_child(task: Task[Any], worker: int = 0) -> Child:
    """Return a child with a worker's starting network: see `Task.start`."""
    network = task.start(worker)
    if task.optimiser is None:
        return Child(network)
    return Child(network, task.optimiser.start(task.training, network.parameters))


def train_child(
    child: Child,
    optimiser: Optimiser | None,
    listed: Listed,
    labels: Labels,
    samples: Indices,
    training: Training,
    seed: int,
    worker: int,
    epochs: range,
) -> tuple[Child, Trained]:
    """Train a copy of a child on some samples.

    Parameters
    ----------
    child
        The network to start from, and its optimiser's state; not changed, because other workers may start from it, too.
    optimiser
        The optimiser; None for gradient descent at a constant rate.
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
    Child
        The trained copy.
    Trained
        What the last epoch was like.
    """
    orders = (order_of(samples, training, seed, worker, epoch) for epoch in epochs)
    in_epoch = -(-len(samples) // training.batch_size)
    return train_in_order(child, optimiser, listed, labels, orders, training, in_epoch)


def train_in_order(
    child: Child,
    optimiser: Optimiser | None,
    listed: Listed,
    labels: Labels,
    orders: Iterable[Indices],
    training: Training,
    in_epoch: int,
) -> tuple[Child, Trained]:
    """Train a copy of a child on samples in given orders.

    Parameters
    ----------
    child, optimiser, listed, labels, training
        See `train_child`.
    orders
        Positions of samples, once for each epoch or part of one; not empty.
    in_epoch
        Number of updates in a whole epoch.

    Returns
    -------
    Child
        The trained copy.
    Trained
        What the last of them was like.
    """
    copied = child.copy()
    network, state = copied.network, copied.state
    for order in orders:
        if optimiser is None or state is None:
            trained = train_epoch(network, listed, labels, order, training)
        else:
            trained = optimiser.train(network, state, listed, labels, order, training, in_epoch)
    return copied, trained


def order_of(samples: Indices, training: Training, seed: int, worker: int, epoch: int) -> Indices:
    """Return a worker's samples in the order in which an epoch visits them."""
    if not training.shuffle:
        return samples
    return stream(seed, "shuffle", worker, epoch).permutation(samples)


def state_of(children: Sequence[Child]) -> State:
    """Return the children's state, by name: parameters, shape (children, parameters), and those of their optimisers."""
    states = [child.state for child in children if child.state]
    networks = {"children": np.stack([child.network.parameters for child in children])}
    if not states:
        return networks
    return networks | {
        "memories": np.stack([state.memory for state in states]),
        "counts": np.array(
            [(state.updates, state.age, state.factor, state.loss) for state in states]
        ),
    }


def restore(children: Sequence[Child], resume: Resume) -> None:
    """Write the saved state into children, which must not share parameters."""
    for place, child in enumerate(children):
        child.network.parameters[...] = resume.state["children"][place]
        if child.state:
            child.state.memory[...] = resume.state["memories"][place]
            updates, age, factor, loss = resume.state["counts"][place].tolist()
            child.state.updates, child.state.age = int(updates), int(age)
            child.state.factor, child.state.loss = factor, loss
