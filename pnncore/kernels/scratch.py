"""Training buffers of a worker."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from pnncore.arrays import Bits, Floats, Indices, Pixels, make_aligned
from pnncore.kernels.convolution import make_sums
from pnncore.kernels.elastic_net import accumulate_shrinkage
from pnncore.kernels.plan import Rule, Shape
from pnncore.kernels.samples import SAMPLES


class Scratch(NamedTuple):
    """Buffers for batches up to some size, made by `make_scratch`.

    Attributes
    ----------
    listings, greys
        The listed pixels of each part of a batch, at most `SAMPLES` samples, sorted: see
        `pnncore.kernels.pixels.sort_pixels`.
    values, deltas
        Activations and errors of each sample's layers, shapes (samples, neurons).
    reactivated
        Of one sample: activations that were activated once more, shape (neurons,).
    sums, winners
        Of the convolution: its map (see `pnncore.kernels.convolution.make_sums`), and the index in it of each
        sample's pooled cells, shape (samples, cells).
    ages
        Number of updates applied to each pixel's weights, shape (pixels,).
    shrinks, pulls
        See `pnncore.kernels.elastic_net.accumulate_shrinkage`.
    """

    listings: Bits
    greys: Pixels
    values: Floats
    deltas: Floats
    reactivated: Floats
    sums: Floats
    winners: Indices
    ages: Indices
    shrinks: Floats
    pulls: Floats


def make_scratch(shape: Shape, rule: Rule, samples: int) -> Scratch:
    """Allocate buffers for batches of up to `rule.batch` of `samples` samples."""
    dtype, updates = rule.table.dtype, -(-samples // rule.batch)
    shrinks, pulls = accumulate_shrinkage(rule.shrink, rule.pull, updates, dtype)
    return _allocate(shape, dtype, min(rule.batch, samples), shrinks, pulls)


def make_test_scratch(shape: Shape, dtype: np.dtype[Any]) -> Scratch:
    """Allocate buffers for samples that are propagated forward, one at a time, in `dtype`."""
    return _allocate(shape, dtype, 1, *accumulate_shrinkage(0, 0, 0, dtype))


def _allocate(
    shape: Shape, dtype: np.dtype[Any], batch: int, shrinks: Floats, pulls: Floats
) -> Scratch:
    cells = int(shape.layers[0]) if shape.filters else 0
    pixels = shape.side**2 if shape.filters else int(shape.layers[0])
    parts = -(-batch // SAMPLES) if batch > 1 and not shape.filters else 0
    return Scratch(
        listings=np.empty((parts, pixels + 1), np.uint64),
        greys=make_aligned((parts, pixels + 1, SAMPLES), np.uint8),
        values=make_aligned((batch, int(shape.at[-1])), dtype),
        deltas=make_aligned((batch, int(shape.at[-1])), dtype),
        reactivated=make_aligned((int(shape.at[-1]),), dtype),
        sums=make_sums(shape.side, shape.size, shape.filters, shape.pool, dtype)
        if shape.filters
        else np.empty(0, dtype),
        winners=np.empty((batch, cells), np.int32),
        ages=np.empty(pixels, np.int64),
        shrinks=shrinks,
        pulls=pulls,
    )
