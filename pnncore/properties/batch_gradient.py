"""Scatter of mini-batch gradients around the gradient of all samples, by batch size."""

from __future__ import annotations

import numpy as np
from msgspec import structs

from pnncore.arrays import Floats
from pnncore.data.dataset import Dataset
from pnncore.kernels.listed import list_pixels
from pnncore.network.architecture import Architecture
from pnncore.network.network import Network
from pnncore.network.sgd import train_epoch
from pnncore.properties.contract import Facts, Property
from pnncore.properties.samples import first_samples
from records.settings import Initialisation, Training

SAMPLES = 1200
"""Largest number of samples."""

SIZES = (1, 2, 4, 6, 12)
"""Sizes of mini-batches; the largest is Carver's (Table I)."""


def examine(dataset: Dataset) -> Facts:
    """Compute the gradients of all mini-batches of an epoch before any update, and their scatter."""
    pixels, labels = first_samples(dataset.train, SAMPLES)
    architecture = Architecture((pixels.shape[1], 32, dataset.classes))
    start = Initialisation(weights="he-normal")
    network = Network.random(architecture, start, np.random.default_rng(1), np.float64)
    training = Training(learning_rate=1.0, batch_size=1, epochs=1)
    listed = list_pixels(pixels, training.inputs)

    def gradient(first: int, size: int) -> Floats:
        # A single update with rate 1 subtracts exactly the gradient.
        updated = network.copy()
        order = np.arange(first, min(first + size, len(pixels)))
        train_epoch(updated, listed, labels, order, structs.replace(training, batch_size=size))
        change: Floats = network.parameters - updated.parameters
        return change

    everything = gradient(0, len(pixels))
    scatter = {
        size: float(
            np.mean(
                [
                    ((gradient(first, size) - everything) ** 2).sum()
                    for first in range(0, len(pixels) - size + 1, size)
                ]
            )
        )
        for size in SIZES
    }
    return {
        "samples": len(pixels),
        "updates": {str(size): -(-len(pixels) // size) for size in SIZES},
        "scatter": {str(size): scatter[size] / scatter[1] for size in SIZES},
    }


PROPERTY = Property(
    "batch-gradient", "Scatter of mini-batch gradients around that of all samples.", examine
)
