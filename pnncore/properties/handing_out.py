"""Handing out worker batches, by appending lines or by slicing (Wiesinger & Schikuta, V-A6, Figs. 9, 11)."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Pixels
from pnncore.data.dataset import Dataset
from pnncore.kernels.listed import list_pixels
from pnncore.network.architecture import Architecture
from pnncore.network.network import Network
from pnncore.network.sgd import train_epoch
from pnncore.properties.contract import Facts, Property
from pnncore.properties.samples import first_samples
from pnncore.timing.stopwatch import interleaved, timer
from records.settings import Initialisation, Training

BATCH = 100
"""Lines of a worker batch."""

SAMPLES = 10_000
"""Largest number of lines."""

REPEATS = 5

TRAINING = Training(
    learning_rate=0.8,
    batch_size=1,
    epochs=1,
    inputs="raw",
    error="direct",
    elastic_net=1e-7,
    elastic_net_form="eq24",
)
"""The paper's training, in our main reading."""


def examine(dataset: Dataset) -> Facts:
    """Time handing out training images in worker batches both ways, and training on them once for comparison."""
    pixels, labels = first_samples(dataset.train, SAMPLES)
    starts = range(0, len(pixels), BATCH)
    order = np.arange(len(pixels))
    network = _network((pixels.shape[1], 100, dataset.classes))
    listed = list_pixels(pixels, TRAINING.inputs)

    appending, slicing, training_seconds = interleaved(
        [
            timer(lambda: [_appended(pixels, i) for i in starts]),
            timer(lambda: [pixels[i : i + BATCH] for i in starts]),
            timer(lambda: train_epoch(network.copy(), listed, labels, order, TRAINING)),
        ],
        REPEATS,
    )
    return {
        "appending_seconds": appending,
        "slicing_seconds": slicing,
        "training_seconds": training_seconds,
        "slices_share_memory": float(np.shares_memory(pixels, pixels[:BATCH])),
    }


def _network(layers: tuple[int, ...]) -> Network:
    """Return the paper's network, in our main reading."""
    architecture = Architecture(
        layers,
        hidden_activation="elu",
        elu_alpha=0.5,
        loss="quadratic",
        division="layer",
        division_gradient="ignored",
    )
    start = Initialisation(weights="uniform")
    return Network.random(architecture, start, np.random.default_rng(1))


def _appended(pixels: Pixels, start: int) -> Pixels:
    lines: list[Pixels] = []
    for i in range(start, min(start + BATCH, len(pixels))):
        lines.append(pixels[i].copy())
    return np.stack(lines)


PROPERTY = Property(
    "handing-out",
    "Time to hand out worker batches by copying lines and by slices.",
    examine,
    replicates="repeats",
    alone=True,
)
