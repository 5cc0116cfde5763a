"""Activation functions: their range, their slope, and how both hang together."""

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
"""Where functions are looked at; farther out, double precision no longer tells tanh from 1."""

STEP = 1e-5
"""Half the distance of a numerical derivative's two points."""

ALPHA = 0.5
"""The α of ELU that Wiesinger & Schikuta chose (Section III-D)."""


def examine(_: Dataset) -> Facts:
    """Look at tanh, the sigmoid and ELU on a grid."""
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
