"""Several updates in a row on each sample, with momentum among them (Ott's own program).

A sample's pixels stay the same while it repeats, so each update adds to the weights from its pixels a number of each
neuron's own times the pixels, and to the neuron's sum that number times the pixels' sum of squares. So sums follow
without weights: these are read before the first update on a sample, and updated once after the last.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from pnncore.arrays import Floats, Indices, Labels, Pixels, Real, make_aligned
from pnncore.kernels.compiled import exact, inlined
from pnncore.kernels.descent import backward_layers
from pnncore.kernels.forward import finish_sample
from pnncore.kernels.listed import Listed, listed_greys, listed_pixels
from pnncore.kernels.plan import Rule, Shape
from pnncore.kernels.propagation import (
    last_layer,
    layer_biases,
    layer_values,
    layer_weights,
    sum_pixels,
)
from pnncore.kernels.rows import update_rows
from pnncore.kernels.scratch import Scratch
from pnncore.kernels.subnormal import flush_subnormals, restore_mode
from records.settings import Training


class Repeats(NamedTuple):
    """Updates in a row on each sample, and their buffers, made by `make_repeats`.

    Attributes
    ----------
    updates
        Number of updates on a sample, at most.
    until
        Loss of a sample below which no further update is made on it.
    momentum
        Share of the last change of each parameter that an update adds to its own.
    made
        How many updates were made on all samples, shape (1,).
    sums
        Sums of the first layer, shape (neurons,).
    steps, moved
        By which multiples of the pixels the last update, and all updates on the sample so far, have changed each
        neuron's weights, shape (neurons,).
    behind
        Where in the parameters those behind the first layer start.
    changes
        Last change of each of these, shape (parameters behind,).
    """

    updates: int
    until: float
    momentum: Real
    made: Indices
    sums: Floats
    steps: Floats
    moved: Floats
    behind: int
    changes: Floats


def make_repeats(
    shape: Shape, training: Training, parameters: int, dtype: np.dtype[Any]
) -> Repeats:
    """Allocate the buffers of updates of a network of so many parameters, of type `dtype`."""
    neurons, behind = (int(shape.layers[1]),), int(shape.biases[1] + shape.layers[1])
    return Repeats(
        updates=training.repeats,
        until=training.repeat_until,
        momentum=dtype.type(training.repeat_momentum),
        made=np.zeros(1, np.int64),
        sums=make_aligned(neurons, dtype),
        steps=make_aligned(neurons, dtype),
        moved=make_aligned(neurons, dtype),
        behind=behind,
        changes=make_aligned((parameters - behind,), dtype),
    )


@exact
def train_repeatedly(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    repeats: Repeats,
    parameters: Floats,
    listed: Listed,
    labels: Labels,
    order: Indices,
) -> float:
    """Train on samples in order, with several updates on each; return the sum of their losses before the first one.

    Parameters
    ----------
    shape, rule
        Shape, without a convolution, and learning rule of the network, without an elastic net.
    scratch
        Buffers for one sample.
    repeats
        The updates on each sample.
    parameters, listed, labels, order
        See `pnncore.kernels.descent.train_samples`.
    """
    mode = flush_subnormals()
    values, deltas, total = scratch.values[0], scratch.deltas[0], 0.0
    for i in range(order.shape[0]):
        which, greys = listed_pixels(listed, order[i]), listed_greys(listed, order[i])
        _start_sample(shape, rule, scratch, repeats, parameters, which, greys)
        squares = _add_squares(shape, greys, rule.table)
        for update in range(repeats.updates):
            _copy(repeats.sums, layer_values(shape, values, 1))
            label = labels[order[i]]
            off = finish_sample(shape, rule, scratch, parameters, label, 0)
            if update == 0:
                total += off
            elif off < repeats.until:
                break
            repeats.made[0] += 1
            backward_layers(shape, rule, scratch, parameters, 1)
            _move_sums(repeats, layer_values(shape, deltas, 1), squares, rule.rate)
            _move_layers(shape, repeats, parameters, values, deltas, rule.rate)
        one, weights = rule.table.dtype.type(1), layer_weights(shape, parameters, 1)
        update_rows(repeats.moved, weights, shape.layers[1], which, greys, rule.table, one)
        biases = layer_biases(shape, parameters, 1)
        if shape.biased:
            for j in range(biases.shape[0]):
                biases[j] += repeats.moved[j]
    restore_mode(mode)
    return total


@inlined
def _start_sample(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    repeats: Repeats,
    parameters: Floats,
    which: Indices,
    greys: Pixels,
) -> None:
    """Compute the first layer's sums, and forget the changes that the last sample made."""
    values = scratch.values[0]
    sum_pixels(shape, parameters, which, greys, rule.table, values, scratch, 0, 0, shape.layers[1])
    _copy(layer_values(shape, values, 1), repeats.sums)
    repeats.steps[:] = 0
    repeats.moved[:] = 0
    repeats.changes[:] = 0


@exact
def _copy(source: Floats, target: Floats) -> None:
    for j in range(target.shape[0]):
        target[j] = source[j]


@exact
def _add_squares(shape: Shape, greys: Pixels, table: Floats) -> Real:
    """Return the sum of the squared inputs of a neuron of the first layer; a bias has input 1."""
    total = table.dtype.type(shape.biased)
    for grey in greys:
        total += table[grey] * table[grey]
    return total


@exact
def _move_sums(repeats: Repeats, delta: Floats, squares: Real, rate: Real) -> None:
    """Move the sums of the first layer by an update of its weights and biases."""
    sums, steps, moved = repeats.sums, repeats.steps, repeats.moved
    for j in range(delta.shape[0]):
        steps[j] = repeats.momentum * steps[j] - rate * delta[j]
        moved[j] += steps[j]
        sums[j] += steps[j] * squares


@inlined
def _move_layers(
    shape: Shape, repeats: Repeats, parameters: Floats, values: Floats, deltas: Floats, rate: Real
) -> None:
    """Update the weights and biases of all layers behind the first."""
    start, momentum = repeats.behind, repeats.momentum
    for layer in range(2, last_layer(shape) + 1):
        weights, biases = (
            layer_weights(shape, parameters, layer),
            layer_biases(shape, parameters, layer),
        )
        first, end = shape.weights[layer] - start, shape.biases[layer] - start
        changes, shifts = repeats.changes[first:end], repeats.changes[end : end + biases.shape[0]]
        sent, delta = layer_values(shape, values, layer - 1), layer_values(shape, deltas, layer)
        _move_weights(weights, changes, sent, delta, momentum, rate)
        if shape.biased:
            for j in range(biases.shape[0]):
                shifts[j] = momentum * shifts[j] - rate * delta[j]
                biases[j] += shifts[j]


@exact
def _move_weights(
    weights: Floats, changes: Floats, sent: Floats, delta: Floats, momentum: Real, rate: Real
) -> None:
    """Update a layer's weights, one neuron's after another's, shape (neurons × fan-in,)."""
    n = sent.shape[0]
    for j in range(delta.shape[0]):
        step = -rate * delta[j]
        row, change = weights[j * n : (j + 1) * n], changes[j * n : (j + 1) * n]
        for k in range(n):
            change[k] = momentum * change[k] + step * sent[k]
            row[k] += change[k]
