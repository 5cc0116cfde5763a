"""Activation functions: range, slope, and the derivative as a function of the activation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pnncore.data.dataset import Dataset
from pnncore.network import activations
from pnncore.properties.contract import Facts, Property

Values: TypeAlias = NDArray[np.float64]

GRID: Values = np.linspace(-15, 15, 3001)
"""Evaluated arguments; beyond them, tanh rounds to 1 in double precision."""

STEP = 1e-5
"""Half the distance of the two points of a numerical derivative."""

ALPHA = 0.5
"""The α of ELU in Wiesinger & Schikuta (Section III-D)."""


def examine(_: Dataset) -> Facts:
    """Evaluate tanh, the sigmoid and ELU on a grid."""
    return {
        "tanh": _curve("tanh", lambda a: 1 - a**2),
        "sigmoid": _curve("sigmoid", lambda a: a * (1 - a)),
        "elu": {
            "alpha": ALPHA,
            "slope_below_zero": _slope("elu", np.array([-2 * STEP]))[0],
            "slope_above_zero": _slope("elu", np.array([2 * STEP]))[0],
        },
    }


def _curve(name: str, derivative: Callable[[Values], Values]) -> Facts:
    values = _value(name, GRID)
    return {
        "smallest": values.min(),
        "largest": values.max(),
        "least_rise": np.diff(values).min(),
        "derivative_error": np.abs(_slope(name, GRID) - derivative(values)).max(),
    }


def _value(name: str, z: Values) -> Values:
    values = z.copy()
    activations.named(name, ALPHA)(values)
    return values


def _slope(name: str, z: Values) -> Values:
    slope: Values = (_value(name, z + STEP) - _value(name, z - STEP)) / (2 * STEP)
    return slope


PROPERTY = Property(
    "activations", "Range, slope and derivative of tanh, sigmoid and ELU on a grid.", examine
)
