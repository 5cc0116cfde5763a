"""How fast is an epoch of a convolutional network, by the size of its batches?

Eight filters of 5 × 5, ReLU, max-pooling of 2 × 2 and a dense layer to 10 classes, softmax and cross-entropy: a network
such as Carver's, which has as many samples in a batch as threads.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks import comparison, data, jax_scan, machine, peers
from benchmarks.facts import Fact
from benchmarks.size import Size
from pnncore.arrays import Pixels
from pnncore.network.architecture import Architecture
from records.settings import Convolution, Training

CONVOLUTION = Convolution(filters=8, size=5, pool=2)
ARCHITECTURE = Architecture((784, 10), convolution=CONVOLUTION)
RATE = 0.01
TARGETS = {1: (10, 15), 6: (3, 10), 12: (2, 8)}
"""Least ratios of the seconds of PyTorch and of JAX to ours, by batch size."""


def facts(size: Size) -> Iterator[Fact]:
    """Time the case at each batch size."""
    for batch in TARGETS:
        yield from _facts(batch, size)


def _facts(batch: int, size: Size) -> list[Fact]:
    samples = data.samples("mnist", size.samples)
    cells = ARCHITECTURE.cells(CONVOLUTION)
    others = jax_scan.scan(
        samples,
        ((5, 5, 1, 8), (cells, 10)),
        jax_scan.convolution,
        batch=batch,
        rate=RATE,
        most=6_000,
        image=(data.SIDE, data.SIDE, 1),
    )
    others |= peers.pytorch(
        samples,
        lambda nn: nn.Sequential(
            nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(cells, 10)
        ),
        lambda nn: nn.CrossEntropyLoss(),
        batch=batch,
        rate=RATE,
        most=6_000,
        image=(1, data.SIDE, data.SIDE),
        onednn=False,
    )
    return comparison.compare(
        f"convolution, batch {batch}",
        samples,
        comparison.ours(ARCHITECTURE, training(batch), samples),
        others,
        work(samples.pixels, batch),
        targets=dict(zip(("PyTorch", "JAX"), TARGETS[batch], strict=True)),
        share=0.3,
        repeats=size.repeats,
        note=f"8 filters of 5 x 5, 2 x 2 max-pooling, dense 10, batches of {batch}",
    )


def training(batch: int) -> Training:
    """Return the settings of an epoch with some samples in a batch."""
    return Training(learning_rate=RATE, batch_size=batch, epochs=1)


def work(pixels: Pixels, batch: int) -> machine.Work:
    """Count the work of an epoch whose filters skip zero pixels."""
    samples = len(pixels)
    taps, filters = CONVOLUTION.size**2, CONVOLUTION.filters
    places = data.SIDE - CONVOLUTION.size + 1
    # The sums of the forward pass, and the gradients of the pooled cells in the backward pass.
    sums = taps * (places**2 * filters + ARCHITECTURE.cells(CONVOLUTION))
    dense = ARCHITECTURE.flops_per_sample * samples
    parameters = ARCHITECTURE.n_parameters
    return machine.Work(
        flops=dense - 2 * sums * samples * (1 - _ink(pixels, places)),
        dense_flops=dense,
        weight_bytes=4 * parameters,
        cache_bytes=3 * 4 * parameters * -(-samples // batch),
        memory_bytes=pixels.nbytes,
    )


def _ink(pixels: Pixels, places: int) -> float:
    """Return the share of non-zero pixels under the filters, over all their positions."""
    ones = np.ones(places, np.int64)
    along = np.convolve(ones, np.ones(CONVOLUTION.size, np.int64))
    visits = np.outer(along, along)
    inked = np.count_nonzero(pixels, axis=0).reshape(visits.shape)
    return float((visits * inked).sum() / (visits.sum() * len(pixels)))
