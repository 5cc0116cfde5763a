"""Losses of a batch and their gradients at the output layer."""

from __future__ import annotations

import numpy as np

from pnncore.activations import Activation
from pnncore.arrays import Floats, Labels

NAMES: tuple[str, ...] = ("cross-entropy", "quadratic")

CROSS_ENTROPY_OUTPUTS: tuple[str, ...] = ("softmax", "sigmoid")
"""Output activations that cross-entropy is defined for here."""


def one_hot(labels: Labels, classes: int, dtype: np.typing.DTypeLike) -> Floats:
    """Targets of shape (samples, classes): 1 at the label, 0 elsewhere."""
    targets: Floats = np.zeros((len(labels), classes), dtype)
    targets[np.arange(len(labels)), labels] = 1
    return targets


def total(name: str, activation: Activation, outputs: Floats, labels: Labels) -> float:
    """Sum of the loss over a batch.

    Parameters
    ----------
    name
        ``cross-entropy``: −log of the true class's output for softmax, the sum of the classes' binary
        cross-entropies for sigmoid. ``quadratic``: ½ Σ (t − y)² over the outputs (Wiesinger & Schikuta, eq. 20,
        with the sign that makes it a loss).
    activation
        Activation of the output layer.
    outputs
        y, shape (samples, classes).
    labels
        True classes, shape (samples,).
    """
    tiny = np.finfo(outputs.dtype).tiny
    true = outputs[np.arange(len(labels)), labels]
    if name == "quadratic":
        return float(0.5 * ((outputs * outputs).sum() - 2 * true.sum() + len(labels)))
    if activation.name == "softmax":
        return float(-np.log(np.maximum(true, tiny)).sum())
    others = np.log(np.maximum(1 - outputs, tiny)).sum() - np.log(np.maximum(1 - true, tiny)).sum()
    return float(-(np.log(np.maximum(true, tiny)).sum() + others))


def to_delta(name: str, activation: Activation, outputs: Floats, labels: Labels) -> None:
    """Overwrite a batch's outputs with each sample's loss gradient with respect to the pre-activations.

    For cross-entropy behind softmax or sigmoid this is y − t; otherwise y − t goes back through the activation.
    Parameters are those of `total`.
    """
    if name == "cross-entropy":
        outputs[np.arange(len(labels)), labels] -= 1
        return
    error = outputs - one_hot(labels, outputs.shape[1], outputs.dtype)
    activation.backward(outputs, error)
    outputs[...] = error
