"""Activation functions, in place on batches."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import numpy as np

from pnncore.arrays import Floats
from pnncore.kernels.plan import SELU_ALPHA, SELU_SCALE

Activation: TypeAlias = Callable[[Floats], None]
"""Overwrites pre-activations z of shape (samples, neurons) with φ(z)."""


def _keep(z: Floats) -> None:
    """φ(z) = z."""


def _relu(z: Floats) -> None:
    np.maximum(z, 0, out=z)


def _tanh(z: Floats) -> None:
    np.tanh(z, out=z)


def _sigmoid(z: Floats) -> None:
    # 1/(1+e^-z) written with tanh cannot overflow.
    z *= 0.5
    np.tanh(z, out=z)
    z += 1
    z *= 0.5


def _softmax(z: Floats) -> None:
    # Subtracting the row's maximum keeps the exponentials finite and does not change the result.
    z -= z.max(axis=1, keepdims=True)
    np.exp(z, out=z)
    z /= z.sum(axis=1, keepdims=True)


def _elu(alpha: float, z: Floats) -> None:
    np.copyto(z, alpha * np.expm1(np.minimum(z, 0)), where=z < 0)


def _selu(z: Floats) -> None:
    _elu(SELU_ALPHA, z)
    z *= SELU_SCALE


_PLAIN: dict[str, Activation] = {
    "identity": _keep,
    "relu": _relu,
    "tanh": _tanh,
    "sigmoid": _sigmoid,
    "softmax": _softmax,
    "selu": _selu,
}

NAMES: tuple[str, ...] = (*_PLAIN, "elu")


def named(name: str, elu_alpha: float = 1.0) -> Activation:
    """Return the activation of that name.

    Parameters
    ----------
    name
        One of `NAMES`.
    elu_alpha
        The α of ELU (Wiesinger & Schikuta, eq. 3); ignored by the others.
    """
    return partial(_elu, elu_alpha) if name == "elu" else _PLAIN[name]
