"""Stochastic gradient descent, by mini-batches or online."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from pnncore.arrays import Indices, Labels
from pnncore.kernels.descent import train_samples
from pnncore.kernels.listed import Listed
from pnncore.kernels.plan import ERRORS, LOSSES, PROPAGATIONS, Rule
from pnncore.kernels.repeats import make_repeats, train_repeatedly
from pnncore.kernels.scratch import make_scratch
from pnncore.network.architecture import Architecture
from pnncore.network.network import Network
from records.errors import InputError
from records.settings import Direction, ElasticNet, ElasticNetDirection, Targets, Training

TARGETS: dict[Targets, float] = {"zero-one": 0.0, "minus-one-one": -1.0}
"""Codings of the targets, by the target of wrong classes; that of the right class is 1."""

SIGNS: dict[Direction, int] = {"descent": 1, "ascent": -1}
"""Signs of the steps that updates subtract."""

ELASTIC_NETS: dict[ElasticNet, tuple[float, float]] = {
    "eq19": (1.0, 2.0),
    "eq21": (0.5, 1.0),
    "eq24": (1.0, 1.0),
}
"""a and b of the elastic net's gradient, λ(a·sgn(w) + b·w), in each printed equation (Wiesinger & Schikuta)."""

PULLS: dict[ElasticNetDirection, int] = {"shrink": 1, "grow": -1}
"""Directions of the elastic net, by the sign of how far it moves weights towards zero."""


BESIDE_REPEATS: Final = {
    "batch_size": 1,
    "elastic_net": 0,
    "elastic_net_squares": None,
    "propagation": "exact",
}
"""What settings must be where updates on a sample repeat: what `pnncore.kernels.repeats` computes."""

BESIDE_OPTIMISERS: Final = {
    "repeats": 1,
    "elastic_net": 0,
    "elastic_net_squares": None,
    "propagation": "exact",
}
"""What settings must be beside an optimiser: what `pnncore.kernels.optimised` computes."""


def check_training(training: Training) -> None:
    """Refuse settings that do not go together.

    Raises
    ------
    InputError
        If the elastic net would pull weights beyond zero in one update.
    """
    shrink, _ = _elastic_net(training)
    if shrink >= 1:
        proportion = ELASTIC_NETS[training.elastic_net_form][1]
        own = training.elastic_net_squares is not None
        key = "elastic_net_squares" if own else "elastic_net"
        raise InputError(
            f"training.{key}: {getattr(training, key)} times the learning rate of {training.learning_rate} would pull "
            f"weights beyond zero; keep their product times {proportion:g} below 1"
        )
    for key, needed in BESIDE_REPEATS.items():
        found = getattr(training, key)
        if training.repeats > 1 and found != needed:
            raise InputError(
                f"training.{key}: with {training.repeats} updates on each sample (training.repeats) it must be "
                f"{_written(needed)}, not {_written(found)}"
            )
    for key, needed in BESIDE_OPTIMISERS.items():
        found = getattr(training, key)
        if training.optimiser is not None and found != needed:
            raise InputError(
                f"training.{key}: with an optimiser (training.optimiser) it must be {_written(needed)}, not "
                f"{_written(found)}"
            )


def _written(value: object) -> str:
    """Return a value as it is written in a configuration."""
    return "null" if value is None else str(value)


def make_rule(training: Training, architecture: Architecture, dtype: np.dtype[Any]) -> Rule:
    """Return a network's learning rule for the compiled loops, which compute in `dtype`."""
    shrink, pull = _elastic_net(training)
    table = architecture.make_table(training.inputs, dtype)
    return Rule(
        table=table,
        batch=training.batch_size,
        rate=dtype.type(SIGNS[training.direction] * training.learning_rate),
        mean=training.gradient == "mean",
        loss=LOSSES.index(architecture.loss),
        error=ERRORS.index(training.error),
        propagation=PROPAGATIONS.index(training.propagation),
        low=dtype.type(TARGETS[training.targets]),
        shrink=shrink,
        pull=pull,
        pulls_biases=training.elastic_net_biases,
    )


def _elastic_net(training: Training) -> tuple[float, float]:
    """Return what the elastic net does in an update: `shrink` and `pull` of `pnncore.kernels.plan.Rule`."""
    sign, proportion = ELASTIC_NETS[training.elastic_net_form]
    squares = training.elastic_net_squares
    squares = training.elastic_net if squares is None else squares
    rate = training.learning_rate * PULLS[training.elastic_net_direction]
    return rate * squares * proportion, rate * training.elastic_net * sign


class Trained(NamedTuple):
    """What an epoch of training was like.

    Attributes
    ----------
    loss
        Mean training loss per sample, computed before each batch's update, the first one of several. Cross-entropy is
        -log of the true class's output for softmax, and the sum of the classes' binary cross-entropies for sigmoid; the
        quadratic loss is ½ Σ (t - y)² over the outputs (Wiesinger & Schikuta, eq. 20, with the sign that makes it a
        loss).
    updates
        Mean number of times that the network learnt from a sample.
    """

    loss: float
    updates: float


def train_epoch(
    network: Network, listed: Listed, labels: Labels, order: Indices, training: Training
) -> Trained:
    """Train a network in place for one epoch.

    Parameters
    ----------
    network
        The network to train.
    listed
        Pixels of all samples, listed for the coding of `training`; only those of samples in `order` are read.
    labels
        Classes of all samples, shape (samples,).
    order
        Positions of the samples to train on, in order.
    training
        Hyper-parameters.

    Returns
    -------
    Trained
        Its loss, and how often it learnt from a sample.
    """
    dtype = network.parameters.dtype
    shape, rule = (
        network.architecture.shape(dtype),
        make_rule(training, network.architecture, dtype),
    )
    scratch, parameters = make_scratch(shape, rule, len(order)), network.parameters
    if training.repeats == 1:
        loss = train_samples(shape, rule, scratch, parameters, listed, labels, order)
        return Trained(loss / len(order), 1.0)
    repeats = make_repeats(shape, training, len(parameters), dtype)
    loss = train_repeatedly(shape, rule, scratch, repeats, parameters, listed, labels, order)
    return Trained(loss / len(order), int(repeats.made[0]) / len(order))
