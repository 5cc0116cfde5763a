"""Layers behind the first: their weights are stored row by row, one row a neuron."""

from __future__ import annotations

from pnncore.arrays import Floats, Real
from pnncore.kernels.compiled import exact, reduced
from pnncore.kernels.rows import add_rows, update_rows


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


@exact
def update_neurons(
    weights: Floats,
    biases: Floats,
    values: Floats,
    delta: Floats,
    step: Real,
    bias_step: Real,
    low: int,
    high: int,
) -> None:
    """Subtract one sample's gradient, times a step, from the weights and biases of neurons `low` to `high`.

    Parameters
    ----------
    weights
        Of all neurons one after another, shape (neurons × fan-in,).
    biases
        Shape (neurons,).
    values
        Of the layer below, shape (fan-in,).
    delta
        Errors, shape (neurons,).
    step, bias_step
        Learning rate of the weights and of the biases.
    """
    n = values.shape[0]
    update_rows(values, weights[low * n :], n, None, None, delta[low:high], -step)
    for j in range(low, high):
        biases[j] -= bias_step * delta[j]
