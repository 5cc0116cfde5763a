"""Optimisers whose steps follow one of the compiled formulas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from pnncore.arrays import Floats, Indices, Labels, make_aligned
from pnncore.kernels.listed import Listed
from pnncore.kernels.optimised import make_rows, train_optimised
from pnncore.kernels.scratch import make_scratch
from pnncore.kernels.steps import Memory, Steps
from pnncore.network.network import Network
from pnncore.network.sgd import SIGNS, Trained, make_rule
from pnncore.optimisers.contract import Optimiser
from pnncore.optimisers.rates import rates
from pnncore.optimisers.state import OptimiserState
from records.optimisers import Optimiser as Settings
from records.settings import Training


@dataclass(frozen=True)
class Constants:
    """What is the same in all of an optimiser's steps: see `pnncore.kernels.steps.Steps`."""

    decay: float = 0.0
    square_decay: float = 0.0
    epsilon: float = 0.0
    least: float = 0.0
    most: float = 0.0


def no_constants(settings: Any) -> Constants:
    """Return that an optimiser needs none."""
    return Constants()


@dataclass(frozen=True)
class Formula:
    """How an optimiser's settings become a compiled formula's numbers.

    Attributes
    ----------
    kind
        Code of the formula: see `pnncore.kernels.steps.Steps`.
    factors
        Returns the factors of steps, shape (updates, 3), of the settings, the rate of each update, and the number of
        updates before them since the memory was empty.
    constants
        Returns what is the same in all steps, of the settings.
    memory
        Number of arrays of the parameters' shape that it remembers, 0 to 2.
    sizes
        Whether the second of them starts at the learning rate, rather than at zero.
    """

    kind: int
    factors: Callable[[Any, Floats, int], Floats]
    constants: Callable[[Any], Constants] = no_constants
    memory: int = 0
    sizes: bool = False


def make_optimiser(
    settings: type[Settings], formula: Formula, whole_batches: bool = False
) -> Optimiser:
    """Return the optimiser with these settings and this formula."""
    return Optimiser(
        settings,
        formula.memory,
        partial(start, formula),
        partial(steps_of, formula),
        partial(train, formula),
        partial(steps_at, formula),
        whole_batches,
    )


def start(formula: Formula, training: Training, parameters: Floats) -> OptimiserState:
    """Return the state before the first update of a network's parameters."""
    memory = make_aligned((formula.memory, len(parameters)), parameters.dtype)
    if formula.sizes:
        memory[1] = training.learning_rate
    return OptimiserState(memory)


def train(
    formula: Formula,
    network: Network,
    state: OptimiserState,
    listed: Listed,
    labels: Labels,
    order: Indices,
    training: Training,
    in_epoch: int,
) -> Trained:
    """Train a network and its optimiser's state in place for an epoch, or a part of one.

    Parameters
    ----------
    formula
        The optimiser's formula.
    network, state
        The network, and what the optimiser remembers of its training.
    listed, labels, order, training
        See `pnncore.network.sgd.train_epoch`.
    in_epoch
        Number of updates in a whole epoch.
    """
    parameters, dtype = network.parameters, network.parameters.dtype
    shape = network.architecture.shape(dtype)
    rule = make_rule(training, network.architecture, dtype)
    updates = -(-len(order) // training.batch_size)
    scratch, rows = make_scratch(shape, rule, len(order)), make_rows(shape, len(parameters), dtype)
    steps = steps_of(formula, training, state, updates, in_epoch, dtype)
    memory = memory_of(state.memory)
    total = train_optimised(
        shape, rule, steps, scratch, rows, memory, parameters, listed, labels, order
    )
    state.advance(training, updates, in_epoch, total, len(order))
    return Trained(total / len(order), 1.0)


def steps_of(
    formula: Formula,
    training: Training,
    state: OptimiserState,
    updates: int,
    in_epoch: int,
    dtype: np.dtype[Any],
) -> Steps:
    """Return the steps of a state's next updates, for loops that compute in `dtype`.

    Parameters
    ----------
    formula, state, training, in_epoch
        See `train`.
    updates
        Their number.
    dtype
        Type of the parameters.
    """
    each = rates(training, state.updates, updates, in_epoch)
    each *= SIGNS[training.direction] * state.factor
    return _with_rates(formula, training.optimiser, each, state.age, dtype)


def steps_at(
    formula: Formula,
    settings: Settings,
    rate: float,
    before: int,
    count: int,
    dtype: np.dtype[Any],
) -> Steps:
    """Return steps at a constant rate, for loops that compute in `dtype`.

    Parameters
    ----------
    formula, settings
        The optimiser's formula, and its settings, whose schedule is not used.
    rate
        The learning rate.
    before, count
        Number of steps before, and number of these.
    """
    return _with_rates(formula, settings, np.full(count, rate), before, dtype)


def _with_rates(
    formula: Formula, settings: Any, each: Floats, before: int, dtype: np.dtype[Any]
) -> Steps:
    factors, constants = formula.factors(settings, each, before), formula.constants(settings)
    return Steps(
        kind=formula.kind,
        factors=factors.astype(dtype),
        decay=dtype.type(constants.decay),
        square_decay=dtype.type(constants.square_decay),
        epsilon=dtype.type(constants.epsilon),
        least=dtype.type(constants.least),
        most=dtype.type(constants.most),
    )


def memory_of(arrays: Floats) -> Memory:
    """Return what an optimiser remembers for the compiled loops, of an array of shape (0 to 2, parameters)."""
    empty = np.empty(0, arrays.dtype)
    first = arrays[0] if len(arrays) > 0 else empty
    return Memory(first, arrays[1] if len(arrays) > 1 else empty)
