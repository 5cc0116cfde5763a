"""Stochastic gradient descent, by mini-batches or online."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np

from pnncore.arrays import Indices, Labels, Pixels
from pnncore.data import inputs
from pnncore.kernels.descent import train_samples
from pnncore.kernels.plan import ERRORS, LOSSES, PROPAGATIONS, Rule
from pnncore.kernels.scratch import make_scratch
from pnncore.network.network import Architecture, Network
from records.errors import InputError

TARGETS: dict[str, float] = {"zero-one": 0.0, "minus-one-one": -1.0}
"""Codings of the targets, by the target of wrong classes; that of the right class is 1."""

ELASTIC_NETS: dict[str, tuple[float, float]] = {
    "eq19": (1.0, 2.0),
    "eq21": (0.5, 1.0),
    "eq24": (1.0, 1.0),
}
"""a and b of the elastic net's gradient, λ(a·sgn(w) + b·w), in each printed equation (Wiesinger & Schikuta)."""


@dataclass(frozen=True)
class Training:
    """Hyper-parameters.

    Attributes
    ----------
    learning_rate
        Step size.
    batch_size
        Samples per update; 1 is online gradient descent. The last batch of an epoch may be smaller. Strategies that
        divide batches among workers document its meaning.
    epochs
        Passes over the data.
    gradient
        ``mean`` or ``sum`` over a batch's samples.
    shuffle
        Whether each epoch visits the samples in a new random order.
    inputs
        Coding of the pixels, a name of `pnncore.data.inputs`.
    targets
        Coding of the classes, a name of `TARGETS`.
    error
        Error of the output layer, with outputs y and targets t. ``derivative``: the loss' derivative; ``diagonal``:
        (y - t)·y·(1 - y), with the diagonal of softmax's derivative only (Wiesinger & Schikuta, eq. 12); ``direct``:
        y - t (eq. 23).
    elastic_net
        λ of the elastic net; 0 for none. After every update, all weights and biases are shrunk towards zero, but not
        beyond, by λ·learning_rate·(a·sgn(w) + b·w).
    elastic_net_form
        a and b, a name of `ELASTIC_NETS`.
    propagation
        Form of back-propagation. ``exact``; ``updated-weights``: through weights that are updated already, the mistake
        that Wiesinger & Schikuta report of an earlier version (Section V-A7); ``reversed-sign``: with the minus sign
        in each hidden layer that Olsen et al. print (Algorithm 3); ``error-product``: exact, but weights behind the
        first layer are updated by the product of both neurons' errors, as Olsen et al. print (Algorithm 4).
    """

    learning_rate: float
    batch_size: int
    epochs: int
    gradient: str = "mean"
    shuffle: bool = True
    inputs: str = "unit"
    targets: str = "zero-one"
    error: str = "derivative"
    elastic_net: float = 0.0
    elastic_net_form: str = "eq19"
    propagation: str = "exact"

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> Self:
        """Build from the ``training`` object of a run specification."""
        return cls(**{field.name: spec[field.name] for field in fields(cls)})

    def check(self) -> None:
        """Check that the settings are compatible.

        Raises
        ------
        InputError
            If an update would shrink weights beyond zero.
        """
        proportion = ELASTIC_NETS[self.elastic_net_form][1]
        if self.learning_rate * self.elastic_net * proportion >= 1:
            raise InputError(
                f"training.elastic_net: {self.elastic_net} times the learning rate of {self.learning_rate} would "
                f"pull weights beyond zero; keep their product times {proportion:g} below 1"
            )

    def rule(self, architecture: Architecture, dtype: np.dtype[Any]) -> Rule:
        """Return a network's learning rule for the compiled loops, which compute in `dtype`."""
        sign, proportion = ELASTIC_NETS[self.elastic_net_form]
        strength = self.learning_rate * self.elastic_net
        table = inputs.make_table(self.inputs, dtype) * dtype.type(architecture.input_factor)
        return Rule(
            table=table,
            batch=self.batch_size,
            rate=dtype.type(self.learning_rate),
            mean=self.gradient == "mean",
            loss=LOSSES.index(architecture.loss),
            error=ERRORS.index(self.error),
            propagation=PROPAGATIONS.index(self.propagation),
            low=dtype.type(TARGETS[self.targets]),
            shrink=strength * proportion,
            pull=strength * sign,
        )


def train_epoch(
    network: Network, pixels: Pixels, labels: Labels, order: Indices, training: Training
) -> float:
    """Train a network in place for one epoch.

    Parameters
    ----------
    network
        The network to train.
    pixels
        Grey values of all samples, shape (samples, inputs); only those in `order` are read.
    labels
        Classes of all samples, shape (samples,).
    order
        Positions of the samples to train on, in order.
    training
        Hyper-parameters.

    Returns
    -------
    float
        Mean training loss per sample, computed before each batch's update. Cross-entropy is -log of the true class's
        output for softmax, and the sum of the classes' binary cross-entropies for sigmoid; the quadratic loss is
        ½ Σ (t - y)² over the outputs (Wiesinger & Schikuta, eq. 20, with the sign that makes it a loss).
    """
    dtype = network.parameters.dtype
    shape, rule = network.architecture.shape(dtype), training.rule(network.architecture, dtype)
    scratch = make_scratch(shape, rule, pixels.shape[1], len(order))
    loss = train_samples(shape, rule, scratch, network.parameters, pixels, labels, order)
    return loss / len(order)
