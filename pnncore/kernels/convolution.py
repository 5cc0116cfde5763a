"""Convolution of one image with filters, and max-pooling; pixels of value zero are skipped.

The caller applies the activation after the pooling: activations are monotonic, so the largest sum of a pool has the
largest activation, and fewer sums are activated.

The sums lie in a map that is as wide as the image and rotated by 180°: those of the position whose upper left pixel is
number i, one for each filter, are entry ``last - i`` of the map, where `last` is the image's last pixel. For every row
of the filters, a pixel then contributes to one contiguous run of sums, whose weights are contiguous in the same order.
Near a margin, a run includes positions where the filters would extend beyond the image. The map holds these sums, too,
but they are never read.
"""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats, Indices, Pixels, make_aligned
from pnncore.kernels.compiled import exact
from pnncore.kernels.runs import add_runs


@exact
def map_size(side: int, size: int, filters: int) -> int:
    """Return the number of elements of an image's map; parameters as for `make_sums`."""
    return (side * side + (size - 1) * (side + 1)) * filters


@exact
def _row_size(side: int, size: int, filters: int, pool: int) -> int:
    """Return the number of elements from the first pool's upper left sums to the last pool's."""
    return (((side - size + 1) // pool - 1) * pool + 1) * filters


def make_sums(side: int, size: int, filters: int, pool: int, dtype: np.typing.DTypeLike) -> Floats:
    """Allocate the buffer of `convolve` and `update_filters`.

    Parameters
    ----------
    side
        Side of the square images.
    size, filters
        Side of the square filters, and how many there are.
    pool
        Side of the pools.
    dtype
        Type of the filters.

    Returns
    -------
    numpy.ndarray
        The map, followed by a buffer for a row of pools or for the filters' gradient; shape (numbers,). It can be
        reused for any number of images.
    """
    behind = max(2 * _row_size(side, size, filters, pool), size * size * filters)
    numbers = map_size(side, size, filters) + behind
    sums: Floats = make_aligned((numbers,), dtype)
    return sums


@exact
def convolve(
    which: Indices,
    greys: Pixels,
    table: Floats,
    weights: Floats,
    biases: Floats,
    side: int,
    pool: int,
    sums: Floats,
    pooled: Floats,
    winners: Indices,
) -> None:
    """Compute the largest sum of each filter in each pool of an image.

    Filters have stride 1 and no padding: z[y, x, c] = b[c] + sum over i and j of in[y + i, x + j] · w[i, j, c]. Pools
    do not overlap; remaining rows and columns are dropped. The bias is added after the pooling, since all sums of a
    filter share it.

    Parameters
    ----------
    which, greys
        Positions of the image's pixels that are not zero, and their grey values, shape (listed,).
    table
        Input of each grey value, shape (256,).
    weights
        Filters, shape (size, size, filters).
    biases
        Shape (filters,).
    side
        Side of the square image.
    pool
        Side of the pools.
    sums
        Buffer made by `make_sums`; its previous content is ignored.
    pooled
        Output: the largest sums, by rows of pools, pools and filters; shape (pools × pools × filters,).
    winners
        Output: their indices in `sums`, int32, of the same shape; of equal sums, the first in the image.
    """
    size, filters = weights.shape[0], weights.shape[2]
    places, row = map_size(side, size, filters), _row_size(side, size, filters, pool)
    best, lags = sums[places : places + row], sums[places + row : places + 2 * row]
    _scatter_pixels(which, greys, table, weights, side, sums[:places])
    _pool(sums[:places], biases, side, size, pool, best, lags, pooled, winners)


# The following are separate functions because the compiler makes slower code of several loops in one.


@exact
def _scatter_pixels(
    which: Indices, greys: Pixels, table: Floats, weights: Floats, side: int, sums: Floats
) -> None:
    """Write the map of an image's sums, without the biases."""
    size, filters = weights.shape[0], weights.shape[2]
    taps, width = weights.reshape(weights.size), size * filters
    sums[:] = 0
    for p in range(which.shape[0]):
        start = (side * side - 1 - which[p]) * filters
        add_runs(sums, start, side * filters, taps, width, size, table[greys[p]])


@exact
def _pool(
    sums: Floats,
    biases: Floats,
    side: int,
    size: int,
    pool: int,
    best: Floats,
    lags: Floats,
    pooled: Floats,
    winners: Indices,
) -> None:
    """Find the largest sum of each pool in the map, one row of pools at a time, and its index.

    All squares of a pool's size are compared, including those between two pools: this is faster than one short loop
    per pool. `best` and `lags` hold a row's largest sums and their distances, in the map, from the squares' upper left
    sums. The distances are whole numbers in the sums' type, because mixed types make slower code.
    """
    filters, row = biases.shape[0], best.shape[0]
    cells = (side - size + 1) // pool
    for y in range(cells):
        # The map is rotated: this is where the row's last pool starts.
        corner = (side * side - 1 - y * pool * side - (cells - 1) * pool) * filters
        for i in range(pool):
            for j in range(pool):
                back = (i * side + j) * filters
                others, lag = sums[corner - back : corner - back + row], sums.dtype.type(back)
                if back == 0:
                    for t in range(row):
                        best[t], lags[t] = others[t], lag
                else:
                    for t in range(row):
                        wins = others[t] > best[t]
                        best[t] = others[t] if wins else best[t]
                        lags[t] = lag if wins else lags[t]
        for x in range(cells):
            first, start = (y * cells + x) * filters, (cells - 1 - x) * pool * filters
            largest, far = best[start : start + filters], lags[start : start + filters]
            cell, winner = pooled[first : first + filters], winners[first : first + filters]
            for c in range(filters):
                cell[c] = largest[c] + biases[c]
            for c in range(filters):
                winner[c] = corner + start + c - np.int32(far[c])
