"""The array types that signatures name."""

from math import prod
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

LINE = 128
"""Bytes between places in memory where vectors load fastest and threads do not slow each other down: a line of the
cache, of which many processors fetch two at a time."""


def make_aligned(
    shape: tuple[int, ...], dtype: np.typing.DTypeLike, line: int = LINE
) -> NDArray[Any]:
    """Make an array of zeros that starts where a line of the cache does; NumPy's own start anywhere."""
    size = prod(shape) * np.dtype(dtype).itemsize
    raw = np.zeros(size + line, np.uint8)
    start = -raw.ctypes.data % line
    return raw[start : start + size].view(dtype).reshape(shape)


Floats: TypeAlias = NDArray[np.floating[Any]]
"""float32 in training, float64 in gradient checks."""

Pixels: TypeAlias = NDArray[np.uint8]
"""Grey values 0..255."""

Labels: TypeAlias = NDArray[np.uint8]
"""Classes 0..9."""

Indices: TypeAlias = NDArray[np.int64]
"""Positions of samples in a dataset."""

Real: TypeAlias = float | np.floating[Any]
"""One number; in compiled loops of the same precision as the arrays around it."""
