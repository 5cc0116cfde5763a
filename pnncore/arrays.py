"""The array types that signatures name."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

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
