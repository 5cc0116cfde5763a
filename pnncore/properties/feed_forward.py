"""Forward propagation: purpose of biases, and prediction (Olsen, West & Thomasma, Sections II-ii and III-vii)."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats, Labels, Pixels
from pnncore.data.dataset import Dataset
from pnncore.kernels.descent import train_samples
from pnncore.kernels.listed import list_pixels
from pnncore.kernels.probes import forward_samples
from pnncore.kernels.scratch import make_scratch
from pnncore.network import activations
from pnncore.network.architecture import Architecture
from pnncore.network.evaluation import Evaluator
from pnncore.network.network import Network
from pnncore.network.sgd import make_rule
from pnncore.properties.contract import Facts, Property
from pnncore.properties.samples import first_samples
from records.settings import Initialisation, Training

SAMPLES = 1200
"""Largest number of training samples."""

TESTED = 1000
"""Largest number of test samples."""

SEEDS = (1, 2, 3)

TRAINING = Training(learning_rate=0.01, batch_size=1, epochs=3)

NEURONS = 1000
"""Number of single neurons, of one input and a bias, that are evaluated."""


def examine(dataset: Dataset) -> Facts:
    """Train tanh networks with and without biases; compare their outputs in training and in testing."""
    pixels, labels = first_samples(dataset.train, SAMPLES)
    tested = first_samples(dataset.test, TESTED)
    evaluator = Evaluator.of(*tested, TRAINING.inputs)
    gains = []
    for seed in SEEDS:
        biased, plain = (
            _trained(pixels, labels, dataset.classes, seed, biases=biases)
            for biases in (True, False)
        )
        gains.append(evaluator.accuracy(biased) - evaluator.accuracy(plain))
    trained, found = _outputs_in_training(biased, *tested), evaluator.outputs(biased)
    return {
        **_shift(),
        "accuracy_gain": np.mean(gains),
        "smallest_gain": min(gains),
        "output_difference": np.abs(trained - found).max(),
        "other_predictions": (trained.argmax(axis=1) != found.argmax(axis=1)).sum(),
    }


def _trained(pixels: Pixels, labels: Labels, classes: int, seed: int, *, biases: bool) -> Network:
    """Train sample by sample; without biases, these are reset to zero after each update."""
    architecture = Architecture((pixels.shape[1], 32, 16, classes), "tanh", "tanh", "quadratic")
    start = Initialisation(weights="xavier-uniform")
    network = Network.random(architecture, start, np.random.default_rng(seed))
    dtype = network.parameters.dtype
    shape, rule = architecture.shape(dtype), make_rule(TRAINING, architecture, dtype)
    scratch = make_scratch(shape, rule, 1)
    listed = list_pixels(pixels, TRAINING.inputs)
    for _ in range(TRAINING.epochs):
        for sample in range(len(pixels)):
            one = np.array([sample])
            train_samples(shape, rule, scratch, network.parameters, listed, labels, one)
            if not biases:
                for layer in network.biases:
                    layer[:] = 0
    return network


def _outputs_in_training(network: Network, pixels: Pixels, labels: Labels) -> Floats:
    """Return the outputs that the training loops compute for each sample, shape (samples, classes)."""
    dtype = network.parameters.dtype
    shape, rule = (
        network.architecture.shape(dtype),
        make_rule(TRAINING, network.architecture, dtype),
    )
    scratch = make_scratch(shape, rule, 1)
    last, rows, first = shape.at[-2], [], np.arange(1)
    for sample in range(len(pixels)):
        here = slice(sample, sample + 1)
        listed = list_pixels(pixels[here], TRAINING.inputs)
        forward_samples(shape, rule, scratch, network.parameters, listed, labels[here], first)
        rows.append(scratch.values[0, last : last + shape.layers[-1]].copy())
    return np.array(rows)


def _shift() -> dict[str, float]:
    """Compare tanh(w₀·x + w₁·bias) with tanh(w₀·x) shifted along x, and evaluate it at x = 0."""
    x, bias, w0, w1 = np.random.default_rng(1).uniform(-1, 1, (4, NEURONS))
    shift = w1 * bias
    biased, moved, centre = w0 * x + shift, w0 * (x + shift / w0), shift.copy()
    for values in (biased, moved, centre):
        activations.named("tanh")(values)
    return {
        "shift_error": float(np.abs(biased - moved).max()),
        "smallest_at_zero": float(np.abs(centre).min()),
    }


PROPERTY = Property(
    "feed-forward",
    "Effect of biases in tanh networks, and forward propagation in training and in testing.",
    examine,
)
