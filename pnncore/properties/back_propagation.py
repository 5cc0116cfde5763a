"""Errors on their way back, and what the learning rate makes of them (Olsen, West & Thomasma, Section III-vi)."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Labels, Pixels
from pnncore.data.dataset import Dataset
from pnncore.network.network import Architecture, Network
from pnncore.network.sgd import train_epoch
from pnncore.properties.contract import Facts, Property
from pnncore.properties.samples import first_samples
from records.settings import Initialisation, Training

SAMPLES = 1200
"""At most so many samples are trained on, one by one,"""

EPOCHS = 5
"""for so many epochs."""

PROBES = 200
"""Of so many, the first ones, the errors are looked at between epochs."""

RATE = 0.001
FASTER = 10
"""How many times that rate it is compared with."""


def examine(dataset: Dataset) -> Facts:
    """Train a network with two hidden layers of tanh, and look at single samples' errors and updates meanwhile."""
    pixels, labels = first_samples(dataset.train, SAMPLES)
    layers = (pixels.shape[1], 128, 64, dataset.classes)
    architecture = Architecture(layers, "tanh", "tanh", "quadratic")
    start = Initialisation(weights="xavier-uniform")
    network = Network.random(architecture, start, np.random.default_rng(1), np.float64)
    order = np.arange(len(pixels))
    training = Training(learning_rate=RATE * FASTER, batch_size=1, epochs=1)

    updates = _updates(network, pixels[:PROBES], labels[:PROBES])
    sizes = [_sizes(network, pixels[:PROBES], labels[:PROBES])]
    for epoch in range(1, EPOCHS + 1):
        shuffled = np.random.default_rng(epoch).permutation(order)
        train_epoch(network, pixels, labels, shuffled, training)
        sizes.append(_sizes(network, pixels[:PROBES], labels[:PROBES]))
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


def _sizes(network: Network, pixels: Pixels, labels: Labels) -> tuple[float, float]:
    """Return the mean magnitude of the hidden neurons' errors and of the outputs'."""
    errors = []
    for sample in range(len(pixels)):
        # With rate 1, a bias moves by its neuron's error.
        moved, _ = _moved(network, pixels, labels, sample, 1.0)
        pairs = zip(network.biases, moved.biases, strict=True)
        errors.append([np.abs(before - after) for before, after in pairs])
    *hidden, output = (np.array(layer) for layer in zip(*errors, strict=True))
    return float(np.concatenate(hidden, axis=1).mean()), float(output.mean())


def _updates(network: Network, pixels: Pixels, labels: Labels) -> dict[str, float]:
    """Return how far a faster rate's update is from so many slower ones, and how often a slow one raises the loss."""
    strays, uphill = [], []
    for sample in range(len(pixels)):
        slow, before = _moved(network, pixels, labels, sample, RATE)
        fast, _ = _moved(network, pixels, labels, sample, RATE * FASTER)
        step = slow.parameters - network.parameters
        stray = fast.parameters - network.parameters - FASTER * step
        strays.append(np.linalg.norm(stray) / np.linalg.norm(step))
        _, after = _moved(slow, pixels, labels, sample, RATE)
        uphill.append(after > before)
    return {"proportion_error": float(max(strays)), "uphill_share": float(np.mean(uphill))}


def _moved(
    network: Network, pixels: Pixels, labels: Labels, sample: int, rate: float
) -> tuple[Network, float]:
    """Return the network after an update for one sample, and the sample's loss before."""
    moved = network.copy()
    training = Training(learning_rate=rate, batch_size=1, epochs=1)
    loss = train_epoch(moved, pixels, labels, np.array([sample]), training)
    return moved, loss


PROPERTY = Property(
    "back-propagation",
    "How large errors are as training goes on, and how updates follow the learning rate.",
    examine,
)
