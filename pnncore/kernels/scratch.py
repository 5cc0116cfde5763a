"""Training buffers of a worker."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from pnncore.arrays import Floats, Indices, Pixels, make_aligned
from pnncore.kernels.convolution import make_sums
from pnncore.kernels.elastic_net import accumulate_shrinkage
from pnncore.kernels.pixels import SORTED
from pnncore.kernels.plan import Rule, Shape


class Scratch(NamedTuple):
    """Buffers for batches up to some size, made by `make_scratch`.

    Attributes
    ----------
    counts, samples, greys
        A batch's listed pixels, sorted: see `pnncore.kernels.pixels.update_rows_by_batch`.
    values, deltas
        Activations and errors of each sample's layers, shapes (samples, neurons).
    sums, winners
        Of the convolution: its map (see `pnncore.kernels.convolution.make_sums`), and the index in it of each
        sample's pooled cells, shape (samples, cells).
    ages
        Number of updates applied to each pixel's weights, shape (pixels,).
    shrinks, pulls
        See `pnncore.kernels.elastic_net.accumulate_shrinkage`.
    """

    counts: Indices
    samples: Indices
    greys: Pixels
    values: Floats
    deltas: Floats
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
    sorted_pixels = SORTED * pixels if batch > 1 and not shape.filters else 0
    return Scratch(
        counts=np.empty(pixels, np.int32),
        samples=np.empty(sorted_pixels, np.uint8),
        greys=np.empty(sorted_pixels, np.uint8),
        values=make_aligned((batch, int(shape.at[-1])), dtype),
        deltas=make_aligned((batch, int(shape.at[-1])), dtype),
        sums=make_sums(shape.side, shape.size, shape.filters, shape.pool, dtype)
        if shape.filters
        else np.empty(0, dtype),
        winners=np.empty((batch, cells), np.int32),
        ages=np.empty(pixels, np.int64),
        shrinks=shrinks,
        pulls=pulls,
    )
