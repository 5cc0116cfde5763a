"""Sums of rows of weights, and updates of rows, for any number of neurons.

Each element has the same chain of operations wherever its block starts and ends, so dividing neurons among threads
changes no bit.
"""

from __future__ import annotations

from pnncore.arrays import Floats, Indices, Pixels, Real
from pnncore.kernels.compiled import exact, inlined
from pnncore.kernels.vectors import BLOCK, VECTOR, add_block, update_block


@exact
def add_rows(
    sums: Floats,
    rows: Floats,
    width: int,
    which: Indices | None,
    codes: Indices | Pixels | None,
    scales: Floats,
    factor: Real,
) -> None:
    """Add rows, each times its scale, to sums: sums[j] += factor · scales[codes[i]] · rows[which[i] · width + j].

    Parameters
    ----------
    sums
        Shape (neurons,).
    rows
        Rows of weights one after another, from the first neuron's on, flat.
    width
        Distance of the rows' starts in `rows`.
    which, codes
        Positions of the added rows, and of their scales in `scales`; integers, shape (added,). Both None: as many rows
        as scales, in order.
    scales
        Shape (scales,).
    factor
        Common factor of all scales.
    """
    count = scales.shape[0] if which is None else which.shape[0]
    start, n = 0, sums.shape[0]
    while start < n:
        size = block_size(n - start, sums.itemsize, BLOCK)
        add_block(sums, start, size, rows, start, width, which, codes, 0, count, scales, factor)
        start += size


@exact
def update_rows(
    values: Floats,
    rows: Floats,
    width: int,
    which: Indices | None,
    codes: Indices | Pixels | None,
    scales: Floats,
    factor: Real,
) -> None:
    """Add values to rows, times each row's scale: rows[which[i] · width + j] += factor · scales[codes[i]] · values[j].

    Parameters
    ----------
    values
        Shape (neurons,).
    rows, width, which, codes, scales, factor
        See `add_rows`; no row is listed twice.
    """
    count = scales.shape[0] if which is None else which.shape[0]
    start, n = 0, values.shape[0]
    while start < n:
        size = block_size(n - start, values.itemsize, BLOCK)
        update_block(
            values, start, size, rows, start, width, which, codes, 0, count, scales, factor
        )
        start += size


@inlined
def block_size(neurons: int, itemsize: int, most: int) -> int:
    """Return the size of the first block of so many neurons, of up to `most` vectors.

    All blocks are about the same, so that none is too short.
    """
    vectors = -(-neurons * itemsize // VECTOR)
    blocks = -(-vectors // most)
    return min(-(-vectors // blocks) * VECTOR // itemsize, neurons)
