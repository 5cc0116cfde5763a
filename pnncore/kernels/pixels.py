"""The first layer's update by a batch: its weights are stored row by row, one row a pixel."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats, Indices, Pixels, Real
from pnncore.kernels.compiled import exact
from pnncore.kernels.listed import Listed
from pnncore.kernels.rows import block_size
from pnncore.kernels.vectors import add_block

SORTED = 64
"""Largest number of samples whose pixels are sorted at the same time; a larger batch is updated in parts."""


@exact
def update_rows_by_batch(
    weights: Floats,
    listed: Listed,
    batch: Indices,
    table: Floats,
    deltas: Floats,
    start: int,
    step: Real,
    counts: Indices,
    samples: Indices,
    greys: Pixels,
) -> None:
    """Subtract a batch's gradient, times `step`, from the weights: pixel by pixel, so that a row is loaded once.

    Parameters
    ----------
    weights
        Shape (pixels, neurons).
    listed, batch
        Lists of all samples' pixels, and the positions of the batch's samples, at most `SORTED`.
    table
        Input of each grey value, shape (256,).
    deltas, start
        The batch's rows of errors, and the start of these neurons' errors in a row.
    step
        Learning rate, divided by the number of samples if the gradient is their mean.
    counts, samples, greys
        Buffers of shapes (pixels,), (pixels × `SORTED`,) and (pixels × `SORTED`,).
    """
    _sort_by_pixel(listed, batch, counts, samples, greys)
    n, width = weights.shape[1], deltas.shape[1]
    rows, errors = weights.reshape(weights.size), deltas.reshape(deltas.size)
    low = 0
    while low < n:
        # A block of neurons at a time, so that the batch's errors stay in the fastest cache.
        size = block_size(n - low, weights.itemsize)
        for pixel in range(weights.shape[0]):
            place, first, end = pixel * n + low, pixel * SORTED, pixel * SORTED + counts[pixel]
            if end > first:
                at = start + low
                add_block(
                    rows, place, size, errors, at, width, samples, greys, first, end, table, -step
                )
        low += size


@exact
def _sort_by_pixel(
    listed: Listed, batch: Indices, counts: Indices, samples: Indices, greys: Pixels
) -> None:
    """List, for each pixel, the samples that list it and their grey values, from place pixel × `SORTED` on."""
    counts[:] = 0
    for s in range(batch.shape[0]):
        for i in range(listed.starts[batch[s]], listed.starts[batch[s] + 1]):
            pixel = np.uintp(listed.which[i])
            place = pixel * np.uintp(SORTED) + np.uintp(counts[pixel])
            samples[place] = s
            greys[place] = listed.greys[i]
            counts[pixel] += 1
