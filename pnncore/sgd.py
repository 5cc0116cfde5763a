"""Stochastic gradient descent, by mini-batches or online."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np

from pnncore import inputs, losses
from pnncore.arrays import Floats, Indices, Labels, Pixels
from pnncore.network import Architecture, Network


@dataclass(frozen=True)
class Training:
    """Hyper-parameters.

    Attributes
    ----------
    learning_rate
        Step size.
    batch_size
        Samples an update; 1 is online gradient descent. The last batch of an epoch may be smaller.
    epochs
        Passes over the data.
    gradient
        ``mean`` or ``sum`` over a batch's samples.
    shuffle
        Whether each epoch visits the samples in a new random order.
    inputs
        Coding of the pixels, a name of `pnncore.inputs`.
    """

    learning_rate: float
    batch_size: int
    epochs: int
    gradient: str = "mean"
    shuffle: bool = True
    inputs: str = "unit"

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> Self:
        """Build from the ``training`` object of a run specification."""
        return cls(**{field.name: spec[field.name] for field in fields(cls)})


class Workspace:
    """Buffers for the batches of an epoch, so that its inner loop allocates next to nothing.

    Attributes
    ----------
    pixels
        Grey values of a batch, shape (batch, inputs).
    values
        Inputs and each layer's outputs, shapes (batch, neurons).
    deltas
        Loss gradients with respect to the hidden layers' pre-activations, shapes (batch, neurons).
    gradient
        Weight gradients as a network, so that they have the shapes of its weights.
    """

    def __init__(
        self, architecture: Architecture, batch_size: int, dtype: np.typing.DTypeLike
    ) -> None:
        self.pixels: Pixels = np.empty((batch_size, architecture.layers[0]), np.uint8)
        self.values: list[Floats] = [np.empty((batch_size, n), dtype) for n in architecture.layers]
        self.deltas: list[Floats] = [
            np.empty((batch_size, n), dtype) for n in architecture.layers[1:-1]
        ]
        self.gradient = Network(architecture, np.empty(architecture.n_parameters, dtype))


def batch_gradient(network: Network, work: Workspace, labels: Labels, scale: float = 1.0) -> float:
    """Compute one batch's gradient by back-propagation.

    Parameters
    ----------
    network
        The network; unchanged.
    work
        Its ``values[0]`` holds the batch's inputs in the first ``len(labels)`` rows; on return its ``gradient``
        holds the loss gradient summed over them, times `scale`.
    labels
        True classes, shape (samples,).
    scale
        Factor on the gradient. It is applied to the output layer's few errors, from where it reaches every weight
        for less than scaling the weights' gradients would take.

    Returns
    -------
    float
        Loss summed over the samples.
    """
    n = len(labels)
    architecture = network.architecture
    values = [layer[:n] for layer in work.values]
    for i, activation in enumerate(network.activations):
        np.matmul(values[i], network.weights[i], out=values[i + 1])
        values[i + 1] += network.biases[i]
        activation.apply(values[i + 1])

    output = network.activations[-1]
    loss = losses.total(architecture.loss, output, values[-1], labels)
    losses.to_delta(architecture.loss, output, values[-1], labels)

    delta = values[-1]
    delta *= delta.dtype.type(scale)
    for i in reversed(range(len(network.weights))):
        np.matmul(values[i].T, delta, out=work.gradient.weights[i])
        np.sum(delta, axis=0, out=work.gradient.biases[i])
        if i > 0:
            previous = work.deltas[i - 1][:n]
            np.matmul(delta, network.weights[i].T, out=previous)
            network.activations[i - 1].backward(values[i], previous)
            delta = previous
    return loss


def train_epoch(
    network: Network, pixels: Pixels, labels: Labels, order: Indices, training: Training
) -> float:
    """Train a network in place for one epoch.

    Parameters
    ----------
    network
        The network that learns.
    pixels
        Grey values of all samples, shape (samples, inputs); only those in `order` are read.
    labels
        Classes of all samples, shape (samples,).
    order
        Which samples to visit, in this order.
    training
        Hyper-parameters.

    Returns
    -------
    float
        Training loss per sample, each batch's measured before its update.
    """
    size = min(training.batch_size, len(order))
    work = Workspace(network.architecture, size, network.parameters.dtype)
    loss = 0.0
    for start in range(0, len(order), size):
        batch = order[start : start + size]
        n = len(batch)
        # With indices known to be valid, "clip" only spares a buffered copy.
        np.take(pixels, batch, axis=0, out=work.pixels[:n], mode="clip")
        inputs.encode(training.inputs, work.pixels[:n], work.values[0][:n])
        step = training.learning_rate / n if training.gradient == "mean" else training.learning_rate
        loss += batch_gradient(network, work, labels[batch], step)
        network.parameters -= work.gradient.parameters
    return loss / len(order)
