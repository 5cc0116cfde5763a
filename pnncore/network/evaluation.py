"""Evaluation of networks: outputs and accuracy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pnncore.arrays import Floats, Labels, Pixels
from pnncore.kernels.listed import Listed, list_pixels
from records.settings import Inputs


def accuracy(outputs: Floats, labels: Labels) -> float:
    """Return the share of samples whose largest output is the true class's, in 0..1."""
    return float((outputs.argmax(axis=1) == labels).mean())


class Classifier(Protocol):
    """A network, or an ensemble of networks, that can be tested."""

    @property
    def parameters(self) -> Floats:
        """All weights and biases, shape (parameters,)."""

    @property
    def all_weights(self) -> Floats:
        """All weights, without biases, shape (weights,)."""

    def outputs(self, listed: Listed, coding: Inputs) -> Floats:
        """Propagate samples, listed for the coding, to outputs of shape (samples, classes)."""


@dataclass(frozen=True)
class Evaluator:
    """Samples to test networks on.

    Attributes
    ----------
    listed
        The samples' pixels, listed for the coding.
    labels
        True classes, shape (samples,).
    coding
        See `pnncore.data.inputs.make_table`.
    """

    listed: Listed
    labels: Labels
    coding: Inputs

    @classmethod
    def of(cls, pixels: Pixels, labels: Labels, coding: Inputs) -> Evaluator:
        """List pixels of shape (samples, pixels) for a coding."""
        return cls(list_pixels(pixels, coding), labels, coding)

    def outputs(self, network: Classifier) -> Floats:
        """Return a network's outputs for the samples, shape (samples, classes)."""
        return network.outputs(self.listed, self.coding)

    def accuracy(self, network: Classifier) -> float:
        """Return the share of samples that a network classifies correctly, in 0..1."""
        return accuracy(self.outputs(network), self.labels)
