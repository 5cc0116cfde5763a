"""Activation functions, in place on batches, with their derivatives in terms of their outputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pnncore.arrays import Floats


@dataclass(frozen=True)
class Activation:
    """An activation φ as two in-place operations on arrays of shape (samples, neurons).

    Attributes
    ----------
    name
        The name that configurations use.
    apply
        Overwrites pre-activations z with φ(z).
    backward
        Given outputs y = φ(z) and the loss gradient with respect to y, overwrites the gradient with the one
        with respect to z: element by element φ'(z) times it, and for softmax the Jacobian of each row times it.
    """

    name: str
    apply: Callable[[Floats], None]
    backward: Callable[[Floats, Floats], None]


def _keep(z: Floats) -> None:
    """φ(z) = z."""


def _keep_gradient(y: Floats, gradient: Floats) -> None:
    """φ'(z) = 1."""


def _relu(z: Floats) -> None:
    np.maximum(z, 0, out=z)


def _relu_backward(y: Floats, gradient: Floats) -> None:
    np.multiply(gradient, y > 0, out=gradient)


def _tanh(z: Floats) -> None:
    np.tanh(z, out=z)


def _tanh_backward(y: Floats, gradient: Floats) -> None:
    gradient *= 1 - y * y


def _sigmoid(z: Floats) -> None:
    # 1/(1+e^-z) written with tanh cannot overflow.
    z *= 0.5
    np.tanh(z, out=z)
    z += 1
    z *= 0.5


def _sigmoid_backward(y: Floats, gradient: Floats) -> None:
    gradient *= y * (1 - y)


def _softmax(z: Floats) -> None:
    # Shifting by the row's maximum changes nothing but keeps the exponentials finite.
    z -= z.max(axis=1, keepdims=True)
    np.exp(z, out=z)
    z /= z.sum(axis=1, keepdims=True)


def _softmax_backward(y: Floats, gradient: Floats) -> None:
    gradient -= (gradient * y).sum(axis=1, keepdims=True)
    gradient *= y


def _elu(alpha: float) -> Activation:
    def apply(z: Floats) -> None:
        np.copyto(z, alpha * np.expm1(np.minimum(z, 0)), where=z < 0)

    def backward(y: Floats, gradient: Floats) -> None:
        np.multiply(gradient, np.where(y >= 0, 1, y + alpha), out=gradient, casting="same_kind")

    return Activation("elu", apply, backward)


_PLAIN = {
    activation.name: activation
    for activation in (
        Activation("identity", _keep, _keep_gradient),
        Activation("relu", _relu, _relu_backward),
        Activation("tanh", _tanh, _tanh_backward),
        Activation("sigmoid", _sigmoid, _sigmoid_backward),
        Activation("softmax", _softmax, _softmax_backward),
    )
}

NAMES: tuple[str, ...] = (*_PLAIN, "elu")


def named(name: str, elu_alpha: float = 1.0) -> Activation:
    """Return the activation of that name.

    Parameters
    ----------
    name
        One of `NAMES`.
    elu_alpha
        The α of ELU (Wiesinger & Schikuta, eq. 3 and 4); ignored by the others.
    """
    return _elu(elu_alpha) if name == "elu" else _PLAIN[name]
