"""Hyperbolic tangent, as fast as the vector unit allows in single precision."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats
from pnncore.kernels.compiled import exact

# tanh x / x is even: a quotient of polynomials p and q of x². They were fitted by least squares, reweighted until the
# largest relative errors up to x = 9.2 were about equal, 2⁻²⁵; p(0) = q(0) = 1, so that tiny numbers stay as they are.
_P1, _P2, _P3, _P4 = map(np.float32, (0.13372551, 0.0034854128, 2.0437503e-05, 1.3109541e-08))
_Q1, _Q2, _Q3, _Q4 = map(np.float32, (0.4670587, 0.025838552, 0.00032688127, 7.677773e-07))
_ONE = np.float32(1)
# From here on, the nearest number of single precision is 1.
_LARGE = np.float32(9.02)


@exact
def tanh(values: Floats) -> None:
    """Overwrite numbers by their hyperbolic tangents, shape (numbers,).

    In single precision, errors are below 5 units in the last place. In double precision, it is NumPy's function, one
    number at a time.
    """
    if values.itemsize == 4:
        for j in range(values.shape[0]):
            x = values[j]
            u = x * x
            p = (((_P4 * u + _P3) * u + _P2) * u + _P1) * u + _ONE
            q = (((_Q4 * u + _Q3) * u + _Q2) * u + _Q1) * u + _ONE
            y = x * p / q
            # NaN is neither and stays.
            y = _ONE if (x > _LARGE or y > _ONE) else y
            values[j] = -_ONE if (x < -_LARGE or y < -_ONE) else y
    else:
        for j in range(values.shape[0]):
            values[j] = np.tanh(values[j])
