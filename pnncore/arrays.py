"""Array types for signatures, and aligned arrays."""

from math import prod
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

LINE = 128
"""Alignment in bytes for fast vector loads without false sharing: two 64-byte cache lines, which many processors
fetch together."""


def make_aligned(
    shape: tuple[int, ...], dtype: np.typing.DTypeLike, line: int = LINE
) -> NDArray[Any]:
    """Return an array of zeros whose address is a multiple of `line`; NumPy's own alignment is smaller."""
    array = empty_aligned(shape, dtype, line)
    array[...] = 0
    return array


def empty_aligned(
    shape: tuple[int, ...], dtype: np.typing.DTypeLike, line: int = LINE
) -> NDArray[Any]:
    """Do as `make_aligned` does, but set no number."""
    size = prod(shape) * np.dtype(dtype).itemsize
    raw = np.empty(size + line, np.uint8)
    start = -raw.ctypes.data % line
    return raw[start : start + size].view(dtype).reshape(shape)


def copy_aligned(array: NDArray[Any]) -> NDArray[Any]:
    """Return a copy of an array whose address is a multiple of `LINE`."""
    copied = empty_aligned(array.shape, array.dtype)
    copied[...] = array
    return copied


Floats: TypeAlias = NDArray[np.floating[Any]]
"""float32 in training, float64 in gradient checks."""

Pixels: TypeAlias = NDArray[np.uint8]
"""Grey values 0..255."""

Labels: TypeAlias = NDArray[np.uint8]
"""Classes 0..9."""

Indices: TypeAlias = NDArray[np.int64]
"""Positions of samples in a dataset."""

Bits: TypeAlias = NDArray[np.uint64]
"""Sets of up to 64 samples, a bit each."""

Real: TypeAlias = float | np.floating[Any]
"""A scalar; in compiled loops of the arrays' precision."""
