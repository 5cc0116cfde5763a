"""Functions of the exponential, as fast as the vector unit allows in single precision.

e^x = 2^k · (1 + s) with a whole k and s = e^r - 1, where r = x - k · log 2 is at most half of log 2 from zero. So
e^x - 1 = 2^k · s + (2^k - 1), which loses no digits where x is small. In double precision, functions are NumPy's, one
number at a time.
"""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats, Real
from pnncore.kernels.compiled import exact, inlined

# s = r + r² · q(r): q was fitted by least squares, reweighted until the largest errors relative to e^r were about
# equal, 2⁻²⁸.
_Q0, _Q1, _Q2, _Q3, _Q4 = map(
    np.float32, (0.49999994, 0.1666652, 0.041668393, 0.008368781, 0.0013814467)
)
_PER_LOG = np.float32(1 / np.log(2))
# log 2 in two parts: multiples of the first by any k have no rounding.
_LOG = np.float32(0.693359375)
_REST = np.float32(np.log(2) - 0.693359375)
# Numbers beside it are whole in single precision, and their bits count up from its own.
_ROUND = np.float32(1.5 * 2**23)
_MANTISSA, _ONE_BITS = np.int32(23), np.int32(127 << 23)
_ONE = np.float32(1)
# Beyond, e^x or e^-x has no normal number of single precision.
_LARGE = np.float32(87)


@inlined
def _parts(x: Real) -> tuple[Real, Real]:
    """Return 2^k and s of a number of single precision; a larger one than `_LARGE` counts as that. NaN stays."""
    x = -_LARGE if x < -_LARGE else x
    x = _LARGE if x > _LARGE else x
    shifted = np.float32(x * _PER_LOG + _ROUND)
    k = shifted - _ROUND
    r = (x - k * _LOG) - k * _REST
    s = r + r * r * ((((_Q4 * r + _Q3) * r + _Q2) * r + _Q1) * r + _Q0)
    bits = (np.float32(shifted).view(np.int32) << _MANTISSA) + _ONE_BITS
    return np.int32(bits).view(np.float32), s


@exact
def sigmoid(values: Floats) -> None:
    """Overwrite numbers x by 1 / (1 + e^-x), shape (numbers,)."""
    if values.itemsize == 4:
        for j in range(values.shape[0]):
            scale, s = _parts(-values[j])
            values[j] = _ONE / (_ONE + (scale * s + scale))
    else:
        for j in range(values.shape[0]):
            values[j] = 1 / (1 + np.exp(-values[j]))


@exact
def elu(values: Floats, alpha: Real) -> None:
    """Overwrite negative numbers x by alpha · (e^x - 1), shape (numbers,)."""
    if values.itemsize == 4:
        for j in range(values.shape[0]):
            x = values[j]
            scale, s = _parts(x)
            y = alpha * (scale * s + (scale - _ONE))
            values[j] = y if x < 0 else x
    else:
        for j in range(values.shape[0]):
            if values[j] < 0:
                values[j] = alpha * np.expm1(values[j])


@exact
def exponentials(values: Floats, largest: Real) -> None:
    """Overwrite numbers x by e^(x - largest), shape (numbers,); `largest` is the largest of them."""
    if values.itemsize == 4:
        for j in range(values.shape[0]):
            scale, s = _parts(values[j] - largest)
            values[j] = scale * s + scale
    else:
        for j in range(values.shape[0]):
            values[j] = np.exp(values[j] - largest)
