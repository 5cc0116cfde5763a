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

SEEDS = range(1, 11)
"""Seeds of initial weights and of the order of samples: as many as decide on an effect."""

RATE = 0.001
FASTER = 10
"""Factor between `RATE` and the faster rate, at which networks are trained."""

TRAINING = Training(learning_rate=RATE * FASTER, batch_size=1, epochs=1)


def examine(dataset: Dataset) -> Facts:
    """Train networks with two hidden tanh layers, and measure single samples' errors and updates between epochs."""
    pixels, labels = first_samples(dataset.train, SAMPLES)
    layers = (pixels.shape[1], 128, 64, dataset.classes)
    listed = list_pixels(pixels, TRAINING.inputs)
    networks = [_start(layers, seed) for seed in SEEDS]

    updates = _compare_rates(networks[0], listed, labels[:PROBES])
    sizes = [
        _sizes_by_epoch(network, listed, labels, seed)
        for seed, network in zip(SEEDS, networks, strict=True)
    ]
    hidden, output = np.array(sizes).transpose(2, 1, 0)
    return {
        "hidden": {str(epoch): size for epoch, size in enumerate(hidden)},
        "output": {str(epoch): size for epoch, size in enumerate(output)},
        "largest_change": {
            "hidden": (hidden[1:] / hidden[:-1] - 1).max(axis=0),
            "output": (output[1:] / output[:-1] - 1).max(axis=0),
        },
        **updates,
    }


def _start(layers: tuple[int, ...], seed: int) -> Network:
    architecture = Architecture(layers, "tanh", "tanh", "quadratic")
    start = Initialisation(weights="xavier-uniform")
    return Network.random(architecture, start, np.random.default_rng(seed), np.float64)


def _sizes_by_epoch(
    network: Network, listed: Listed, labels: Labels, seed: int
) -> list[tuple[float, float]]:
    """Train a network, and return `_error_sizes` before each epoch and after the last."""
    rng, order = np.random.default_rng([seed, 1]), np.arange(len(labels))
    sizes = [_error_sizes(network, listed, labels[:PROBES])]
    for _ in range(EPOCHS):
        train_epoch(network, listed, labels, rng.permutation(order), TRAINING)
        sizes.append(_error_sizes(network, listed, labels[:PROBES]))
    return sizes


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
    replicates="seeds",
)
