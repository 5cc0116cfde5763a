"""Layers behind the first: their weights are stored row by row, one row a neuron."""

from __future__ import annotations

from pnncore.arrays import Floats
from pnncore.kernels.compiled import exact, reduced
from pnncore.kernels.rows import add_rows


@reduced
def add_products(weights: Floats, values: Floats, sums: Floats, low: int, high: int) -> None:
    """Add the weighted activations of the layer below to the sums of neurons `low` to `high`.

    Parameters
    ----------
    weights
        Of all neurons one after another, shape (neurons × fan-in,).
    values
        Of the layer below, shape (fan-in,).
    sums
        Shape (neurons,).
    """
    n = values.shape[0]
    for j in range(low, high):
        row = weights[j * n : (j + 1) * n]
        total = sums.dtype.type(0)
        for k in range(n):
            total += row[k] * values[k]
        sums[j] += total


@exact
def backward_products(weights: Floats, delta: Floats, below: Floats, low: int, high: int) -> None:
    """Compute the weighted errors for neurons `low` to `high` of the layer below.

    Parameters
    ----------
    weights
        Of the neurons above, one after another, shape (neurons × fan-in,).
    delta
        Their errors, shape (neurons,).
    below
        Shape (fan-in,).
    """
    part = below[low:high]
    part[:] = 0
    add_rows(part, weights[low:], below.shape[0], None, None, delta, delta.dtype.type(1))
