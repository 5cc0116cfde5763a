"""Back-propagated errors, and updates by learning rate (Olsen, West & Thomasma, Section III-vi)."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Labels, Pixels
from pnncore.data.dataset import Dataset
from pnncore.network.architecture import Architecture
from pnncore.network.network import Network
from pnncore.network.sgd import train_epoch
from pnncore.properties.contract import Facts, Property
from pnncore.properties.samples import first_samples
from records.settings import Initialisation, Training

SAMPLES = 1200
"""Largest number of training samples; each is an update."""

EPOCHS = 5
"""Epochs of training."""

PROBES = 200
"""Number of samples, the first ones, whose errors are measured between epochs."""

RATE = 0.001
FASTER = 10
"""Factor between `RATE` and the faster rate, at which the network is trained."""


def examine(dataset: Dataset) -> Facts:
    """Train a network with two hidden tanh layers, and measure single samples' errors and updates between epochs."""
    pixels, labels = first_samples(dataset.train, SAMPLES)
    layers = (pixels.shape[1], 128, 64, dataset.classes)
    architecture = Architecture(layers, "tanh", "tanh", "quadratic")
    start = Initialisation(weights="xavier-uniform")
    network = Network.random(architecture, start, np.random.default_rng(1), np.float64)
    order = np.arange(len(pixels))
    training = Training(learning_rate=RATE * FASTER, batch_size=1, epochs=1)

    updates = _compare_rates(network, pixels[:PROBES], labels[:PROBES])
    sizes = [_error_sizes(network, pixels[:PROBES], labels[:PROBES])]
    for epoch in range(1, EPOCHS + 1):
        shuffled = np.random.default_rng(epoch).permutation(order)
        train_epoch(network, pixels, labels, shuffled, training)
        sizes.append(_error_sizes(network, pixels[:PROBES], labels[:PROBES]))
    hidden, output = np.array(sizes).T
    return {
        "hidden": {str(epoch): size for epoch, size in enumerate(hidden)},
        "output": {str(epoch): size for epoch, size in enumerate(output)},
        "largest_change": {
            "hidden": (hidden[1:] / hidden[:-1] - 1).max(),
            "output": (output[1:] / output[:-1] - 1).max(),
        },
        **updates,
    }


def _error_sizes(network: Network, pixels: Pixels, labels: Labels) -> tuple[float, float]:
    """Return the mean magnitude of the hidden neurons' errors and of the outputs'."""
    errors = []
    for sample in range(len(pixels)):
        # With rate 1, a bias changes by its neuron's error.
        updated, _ = _update(network, pixels, labels, sample, 1.0)
        pairs = zip(network.biases, updated.biases, strict=True)
        errors.append([np.abs(before - after) for before, after in pairs])
    *hidden, output = (np.array(layer) for layer in zip(*errors, strict=True))
    return float(np.concatenate(hidden, axis=1).mean()), float(output.mean())


def _compare_rates(network: Network, pixels: Pixels, labels: Labels) -> dict[str, float]:
    """Return the relative deviation of updates from proportionality to the rate, and the share that raise the loss."""
    deviations, uphill = [], []
    for sample in range(len(pixels)):
        slow, before = _update(network, pixels, labels, sample, RATE)
        fast, _ = _update(network, pixels, labels, sample, RATE * FASTER)
        step = slow.parameters - network.parameters
        deviation = fast.parameters - network.parameters - FASTER * step
        deviations.append(np.linalg.norm(deviation) / np.linalg.norm(step))
        _, after = _update(slow, pixels, labels, sample, RATE)
        uphill.append(after > before)
    return {"proportion_error": float(max(deviations)), "uphill_share": float(np.mean(uphill))}


def _update(
    network: Network, pixels: Pixels, labels: Labels, sample: int, rate: float
) -> tuple[Network, float]:
    """Return the network after an update for one sample, and the sample's loss before."""
    updated = network.copy()
    training = Training(learning_rate=rate, batch_size=1, epochs=1)
    loss = train_epoch(updated, pixels, labels, np.array([sample]), training)
    return updated, loss


PROPERTY = Property(
    "back-propagation",
    "Magnitudes of errors during training, and updates by learning rate.",
    examine,
)
