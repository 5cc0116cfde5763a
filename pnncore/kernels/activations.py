"""Activation functions of one layer of one sample, in place, for any range of its neurons."""

from __future__ import annotations

from pnncore.arrays import Floats, Real
from pnncore.kernels.compiled import exact
from pnncore.kernels.exponential import elu, exponentials, sigmoid
from pnncore.kernels.plan import (
    ELU,
    RELU,
    SELU,
    SELU_ALPHA,
    SELU_SCALE,
    SIGMOID,
    SOFTMAX,
    TANH,
)
from pnncore.kernels.tanh import tanh


@exact
def activate(code: int, alpha: Real, z: Floats, low: int, high: int) -> None:
    """Overwrite the sums of neurons `low` to `high` by their activations; softmax is left to `softmax`."""
    part = z[low:high]
    if code == RELU:
        for j in range(part.shape[0]):
            part[j] = max(part[j], z.dtype.type(0))
    elif code == ELU:
        elu(part, alpha)
    elif code == TANH:
        tanh(part)
    elif code == SIGMOID:
        sigmoid(part)
    elif code == SELU:
        elu(part, z.dtype.type(SELU_ALPHA))
        scale = z.dtype.type(SELU_SCALE)
        for j in range(part.shape[0]):
            part[j] *= scale


@exact
def softmax(z: Floats) -> None:
    """Overwrite the sums of a whole layer by their softmax (Wiesinger & Schikuta, eq. 7 and 8)."""
    # Subtracting the maximum keeps the exponentials finite and does not change the result.
    largest = z[0]
    for j in range(1, z.shape[0]):
        largest = max(largest, z[j])
    exponentials(z, largest)
    total = z.dtype.type(0)
    for j in range(z.shape[0]):
        total += z[j]
    for j in range(z.shape[0]):
        z[j] /= total


@exact
def backward(code: int, alpha: Real, y: Floats, gradient: Floats, low: int, high: int) -> None:
    """Overwrite the gradient with respect to activations y by the one with respect to their sums.

    Softmax is propagated for the whole layer, whatever the range: each output depends on every sum.
    """
    outputs, part, one = y[low:high], gradient[low:high], y.dtype.type(1)
    if code == RELU:
        for j in range(part.shape[0]):
            if outputs[j] <= 0:
                part[j] = 0
    elif code == ELU:
        for j in range(part.shape[0]):
            if outputs[j] < 0:
                part[j] *= outputs[j] + alpha
    elif code == TANH:
        for j in range(part.shape[0]):
            part[j] *= one - outputs[j] * outputs[j]
    elif code == SIGMOID:
        for j in range(part.shape[0]):
            part[j] *= outputs[j] * (one - outputs[j])
    elif code == SELU:
        scale, floor = y.dtype.type(SELU_SCALE), y.dtype.type(SELU_SCALE * SELU_ALPHA)
        for j in range(part.shape[0]):
            part[j] *= outputs[j] + floor if outputs[j] < 0 else scale
    elif code == SOFTMAX:
        along = y.dtype.type(0)
        for j in range(y.shape[0]):
            along += gradient[j] * y[j]
        for j in range(y.shape[0]):
            gradient[j] = y[j] * (gradient[j] - along)
