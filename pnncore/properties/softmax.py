"""Softmax: effect of shifted arguments, and its derivative (Wiesinger & Schikuta, III-C.1)."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pnncore.data.dataset import Dataset
from pnncore.network import activations
from pnncore.properties.contract import Facts, Property

Values: TypeAlias = NDArray[np.float64]

ROWS, CLASSES = 1000, 10
USUAL, LARGE = 5.0, 1000.0
"""Bounds of the arguments' magnitude: usual in a network, and overflowing in an exponential."""

STEP = 1e-6


def examine(_: Dataset) -> Facts:
    """Compare softmax as it is printed with softmax shifted by the largest argument, on random arguments."""
    rng = np.random.default_rng(1)
    usual = rng.uniform(-USUAL, USUAL, (ROWS, CLASSES))
    large = rng.uniform(-LARGE, LARGE, (ROWS, CLASSES))
    added = rng.uniform(-USUAL, USUAL, (ROWS, 1))
    exponentials = np.exp(large - large.max(axis=1, keepdims=True))
    jacobian = _jacobian(usual[0])
    y = _shifted(usual[:1])[0]
    diagonal = np.eye(CLASSES, dtype=bool)
    return {
        "added_error": np.abs(_printed(usual) - _printed(usual + added)).max(),
        "shifted_error": np.abs(_printed(usual) - _shifted(usual)).max(),
        "printed_failures": _failures(_printed(large)),
        "shifted_failures": _failures(_shifted(large)),
        "largest_exponential": exponentials.max(),
        "smallest_exponential": exponentials.min(),
        "largest_shifted_argument": (large - large.max(axis=1, keepdims=True)).max(),
        "diagonal_error": np.abs(jacobian[diagonal] - y * (1 - y)).max(),
        "largest_off_diagonal": np.abs(jacobian[~diagonal]).max(),
        "off_diagonal_share": np.abs(jacobian[~diagonal]).sum() / np.abs(jacobian).sum(),
    }


def _printed(z: Values) -> Values:
    with np.errstate(over="ignore", invalid="ignore"):
        exponentials = np.exp(z)
        y: Values = exponentials / exponentials.sum(axis=1, keepdims=True)
    return y


def _shifted(z: Values) -> Values:
    y = z.copy()
    activations.named("softmax")(y)
    return y


def _failures(y: Values) -> float:
    """Return the share of rows that are not all finite."""
    return float(1 - np.isfinite(y).all(axis=1).mean())


def _jacobian(z: Values) -> Values:
    steps = np.eye(len(z)) * STEP
    jacobian: Values = (_shifted(z + steps) - _shifted(z - steps)) / (2 * STEP)
    return jacobian


PROPERTY = Property(
    "softmax", "Softmax as printed and shifted, its overflows, and its derivative.", examine
)
