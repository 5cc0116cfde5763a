"""The first layer's sums and updates for a batch, pixel by pixel: a pixel's weights are loaded once for all samples.

Each sum and each weight has the same chain of operations as with one sample after another, so the numbers are the same.
"""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Bits, Floats, Indices, Pixels, Real
from pnncore.kernels.compiled import exact
from pnncore.kernels.elastic_net import shrink_weights
from pnncore.kernels.listed import Listed
from pnncore.kernels.rows import block_size
from pnncore.kernels.samples import PAIR, SAMPLES, add_pair, update_pixel
from pnncore.kernels.vectors import BLOCK


@exact
def sort_pixels(listed: Listed, batch: Indices, listings: Bits, greys: Pixels) -> None:
    """Sort the listed pixels of a batch's samples by pixel, in parts of `SAMPLES` samples.

    Parameters
    ----------
    listed, batch
        Lists of all samples' pixels, and the positions of the batch's samples.
    listings
        Output, shape (parts, pixels + 1): a bit for each sample that lists the pixel, the part's first sample's lowest.
        The last element of a part belongs to no pixel and has no bit set.
    greys
        Output, shape (parts, pixels + 1, `SAMPLES`): the samples' grey values, 0 where a pixel is not listed.
    """
    listings[:] = 0
    greys[:] = 0
    for k in range(batch.shape[0]):
        part, s = k // SAMPLES, np.uint64(k % SAMPLES)
        bit, bits, codes = np.uint64(1) << s, listings[part], greys[part]
        for i in range(listed.starts[batch[k]], listed.starts[batch[k] + 1]):
            pixel = np.uintp(listed.which[i])
            bits[pixel] |= bit
            codes[pixel, s] = listed.greys[i]


@exact
def add_rows_by_batch(
    sums: Floats, start: int, weights: Floats, listings: Bits, greys: Pixels, table: Floats
) -> None:
    """Add inputs times weights to the sums of all samples.

    Pixels are taken in pairs: the sums are loaded and stored, which takes longer than adding, once for two pixels.
    Neighbours are mostly listed by the same samples; where one is not listed, zero is added.

    Parameters
    ----------
    sums, start
        The samples' rows of sums, and the start of these neurons' sums in a row.
    weights
        Shape (pixels, neurons).
    listings, greys
        See `sort_pixels`.
    table
        Input of each grey value, shape (256,).
    """
    (pixels, n), (parts, columns) = weights.shape, listings.shape
    rows, lines = weights.reshape(weights.size), sums.reshape(sums.size)
    codes, width, one = greys.reshape(greys.size), sums.shape[1], table.dtype.type(1)
    for part in range(parts):
        bits, low = listings[part], 0
        while low < n:
            # A block of neurons at a time, so that the part's sums stay in the fastest cache.
            size = block_size(n - low, weights.itemsize, PAIR)
            at = part * SAMPLES * width + start + low
            for pixel in range(0, pixels, 2):
                both = bits[pixel] | bits[pixel + 1]
                # The last of an odd number has itself for a neighbour, under the number that no sample lists.
                distance = n if pixel + 1 < pixels else 0
                place, first = pixel * n + low, (part * columns + pixel) * SAMPLES
                if both != 0:
                    add_pair(
                        lines,
                        at,
                        width,
                        size,
                        rows,
                        place,
                        both,
                        codes,
                        first,
                        table,
                        one,
                        distance,
                    )
            low += size


@exact
def update_rows_by_batch(
    weights: Floats,
    listings: Bits,
    greys: Pixels,
    table: Floats,
    deltas: Floats,
    start: int,
    step: Real,
) -> None:
    """Subtract a batch's gradient, times `step`, from the weights.

    Parameters
    ----------
    weights, listings, greys, table
        See `add_rows_by_batch`.
    deltas, start
        The samples' rows of errors, and the start of these neurons' errors in a row.
    step
        Learning rate, divided by the number of samples if the gradient is their mean.
    """
    (pixels, n), (parts, columns) = weights.shape, listings.shape
    rows, errors = weights.reshape(weights.size), deltas.reshape(deltas.size)
    codes, width = greys.reshape(greys.size), deltas.shape[1]
    for part in range(parts):
        bits, low = listings[part], 0
        while low < n:
            # A block of neurons at a time, so that the part's errors stay in the fastest cache.
            size = block_size(n - low, weights.itemsize, BLOCK)
            at = part * SAMPLES * width + start + low
            for pixel in range(pixels):
                place, first = pixel * n + low, (part * columns + pixel) * SAMPLES
                if bits[pixel] != 0:
                    update_pixel(
                        errors,
                        at,
                        width,
                        size,
                        rows,
                        place,
                        bits[pixel],
                        codes,
                        first,
                        table,
                        -step,
                    )
            low += size


@exact
def shrink_listed_rows(
    weights: Floats, listings: Bits, ages: Indices, until: int, shrinks: Floats, pulls: Floats
) -> None:
    """Apply the elastic net's pending shrinkage to the rows of all listed pixels.

    Parameters
    ----------
    weights, listings
        See `add_rows_by_batch`.
    ages, until, shrinks, pulls
        See `pnncore.kernels.elastic_net.add_shrunk_rows`.
    """
    for part in range(listings.shape[0]):
        for pixel in range(weights.shape[0]):
            if listings[part, pixel] != 0:
                missed = until - ages[pixel]
                ages[pixel] = until
                shrink_weights(weights[pixel], shrinks[missed], pulls[missed], 0, weights.shape[1])
