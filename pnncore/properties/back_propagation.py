"""Back-propagated errors, and updates by learning rate (Olsen, West & Thomasma, Section III-vi)."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Labels
from pnncore.data.dataset import Dataset
from pnncore.kernels.listed import Listed, list_pixels
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
    order = np.arange(len(labels))
    training = Training(learning_rate=RATE * FASTER, batch_size=1, epochs=1)
    listed, probed = list_pixels(pixels, training.inputs), labels[:PROBES]

    updates = _compare_rates(network, listed, probed)
    sizes = [_error_sizes(network, listed, probed)]
    for epoch in range(1, EPOCHS + 1):
        shuffled = np.random.default_rng(epoch).permutation(order)
        train_epoch(network, listed, labels, shuffled, training)
        sizes.append(_error_sizes(network, listed, probed))
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


def _error_sizes(network: Network, listed: Listed, labels: Labels) -> tuple[float, float]:
    """Return the mean magnitude of the hidden neurons' errors and of the outputs'."""
    errors = []
    for sample in range(len(labels)):
        # With rate 1, a bias changes by its neuron's error.
        updated, _ = _update(network, listed, labels, sample, 1.0)
        pairs = zip(network.biases, updated.biases, strict=True)
        errors.append([np.abs(before - after) for before, after in pairs])
    *hidden, output = (np.array(layer) for layer in zip(*errors, strict=True))
    return float(np.concatenate(hidden, axis=1).mean()), float(output.mean())


def _compare_rates(network: Network, listed: Listed, labels: Labels) -> dict[str, float]:
    """Return the relative deviation of updates from proportionality to the rate, and the share that raise the loss."""
    deviations, uphill = [], []
    for sample in range(len(labels)):
        slow, before = _update(network, listed, labels, sample, RATE)
        fast, _ = _update(network, listed, labels, sample, RATE * FASTER)
        step = slow.parameters - network.parameters
        deviation = fast.parameters - network.parameters - FASTER * step
        deviations.append(np.linalg.norm(deviation) / np.linalg.norm(step))
        _, after = _update(slow, listed, labels, sample, RATE)
        uphill.append(after > before)
    return {"proportion_error": float(max(deviations)), "uphill_share": float(np.mean(uphill))}


def _update(
    network: Network, listed: Listed, labels: Labels, sample: int, rate: float
) -> tuple[Network, float]:
    """Return the network after an update for one sample, and the sample's loss before."""
    updated = network.copy()
    training = Training(learning_rate=rate, batch_size=1, epochs=1)
    trained = train_epoch(updated, listed, labels, np.array([sample]), training)
    return updated, trained.loss


PROPERTY = Property(
    "back-propagation",
    "Magnitudes of errors during training, and updates by learning rate.",
    examine,
)
