"""The loss of one sample and the error that its output layer learns from."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats
from pnncore.kernels.activations import backward
from pnncore.kernels.compiled import inlined
from pnncore.kernels.plan import CROSS_ENTROPY, DERIVATIVE, DIAGONAL, SIGMOID, SOFTMAX, Rule, Shape


@inlined
def loss(shape: Shape, rule: Rule, y: Floats, label: int) -> float:
    """Return the loss of one sample with outputs y, shape (classes,): see `pnncore.losses`."""
    tiny = np.finfo(y.dtype).tiny
    total = 0.0
    if rule.loss == CROSS_ENTROPY:
        total -= np.log(max(y[label], tiny))
        if shape.output == SIGMOID:
            for j in range(y.shape[0]):
                if j != label:
                    total -= np.log(max(1 - y[j], tiny))
        return float(total)
    for j in range(y.shape[0]):
        off = y[j] - (1 if j == label else rule.low)
        total += 0.5 * off * off
    return total


@inlined
def output_error(
    shape: Shape, rule: Rule, y: Floats, at: Floats, label: int, delta: Floats, low: int, high: int
) -> None:
    """Write the output layer's error of neurons `low` to `high`, as the gradient with respect to their sums.

    The derivative of the activation is taken at `at`: see `pnncore.kernels.propagation.derivative_values`.
    The derivative of a quadratic loss behind softmax is written for the whole layer, whatever the range.
    """
    one = y.dtype.type(1)
    whole = rule.error == DERIVATIVE and rule.loss != CROSS_ENTROPY and shape.output == SOFTMAX
    first, last = (0, y.shape[0]) if whole else (low, high)
    for j in range(first, last):
        delta[j] = y[j] - (one if j == label else rule.low)
    if rule.error == DIAGONAL:
        for j in range(first, last):
            delta[j] *= (one - y[j]) * y[j]
    elif rule.error == DERIVATIVE and rule.loss != CROSS_ENTROPY:
        backward(shape.output, shape.alpha, at, delta, first, last)
