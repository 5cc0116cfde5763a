"""Evaluation of networks: outputs and accuracy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from pnncore.arrays import Floats, Labels, Pixels
from pnncore.data import inputs
from records.settings import Inputs

CHUNK = 500
"""Samples propagated at a time, which keeps their inputs and hidden layers small."""

PART = 10_000
"""Samples encoded at a time by `accuracy_in_parts`."""


def accuracy(outputs: Floats, labels: Labels) -> float:
    """Return the share of samples whose largest output is the true class's, in 0..1."""
    return float((outputs.argmax(axis=1) == labels).mean())


class Classifier(Protocol):
    """A network, or an ensemble of networks, that can be tested."""

    @property
    def parameters(self) -> Floats:
        """All weights and biases, shape (parameters,)."""

    def outputs(self, inputs: Floats) -> Floats:
        """Propagate inputs of shape (samples, pixels) to outputs of shape (samples, outputs)."""


@dataclass(frozen=True)
class Evaluator:
    """Encoded samples to test networks on.

    Attributes
    ----------
    values
        Network inputs, shape (samples, inputs), float32.
    labels
        True classes, shape (samples,).
    """

    values: Floats
    labels: Labels

    @classmethod
    def of(cls, pixels: Pixels, labels: Labels, coding: Inputs) -> Evaluator:
        """Encode pixels of shape (samples, inputs) by a coding of `pnncore.data.inputs`."""
        return cls(inputs.make_table(coding, np.dtype(np.float32))[pixels], np.asarray(labels))

    def outputs(self, network: Classifier) -> Floats:
        """Return a network's outputs for the samples, shape (samples, classes)."""
        chunks = range(0, len(self.labels), CHUNK)
        return np.concatenate([network.outputs(self.values[i : i + CHUNK]) for i in chunks])

    def accuracy(self, network: Classifier) -> float:
        """Return the share of samples that a network classifies correctly, in 0..1."""
        return accuracy(self.outputs(network), self.labels)


def accuracy_in_parts(network: Classifier, pixels: Pixels, labels: Labels, coding: Inputs) -> float:
    """Return the share of samples that a network classifies correctly, in 0..1, without encoding all of them at once.

    Parameters
    ----------
    network
        The network to test.
    pixels, labels
        Grey values, shape (samples, inputs), and true classes, shape (samples,).
    coding
        A coding of `pnncore.data.inputs`.
    """
    hits = 0.0
    for start in range(0, len(labels), PART):
        part = Evaluator.of(pixels[start : start + PART], labels[start : start + PART], coding)
        hits += part.accuracy(network) * len(part.labels)
    return hits / len(labels)
