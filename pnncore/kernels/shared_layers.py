"""An epoch of single samples, in which threads divide every layer's neurons among themselves."""

from __future__ import annotations

from typing import NamedTuple

from pnncore.arrays import Floats, Indices, Labels, Pixels
from pnncore.kernels.atomic import Cells
from pnncore.kernels.compiled import exact
from pnncore.kernels.errors import loss, output_error
from pnncore.kernels.listed import Listed, listed_greys, listed_pixels
from pnncore.kernels.plan import SOFTMAX, UPDATED_WEIGHTS, Rule, Shape
from pnncore.kernels.propagation import (
    activate_pixels,
    activation_code,
    apply_pending_shrinkage,
    apply_softmax,
    backward_division,
    backward_layer,
    derivative_values,
    first_by_neuron,
    forward_layer,
    last_layer,
    layer_values,
    shrink_layer,
    sum_pixels,
    update_layer,
    update_pixels,
)
from pnncore.kernels.scratch import Scratch
from pnncore.kernels.shared_filters import (
    Filters,
    forward_filters,
    put_filters,
    take_filters,
    update_own_filters,
)
from pnncore.kernels.subnormal import flush_subnormals, restore_mode
from pnncore.kernels.threads import wait


class Common(NamedTuple):
    """Data shared by the threads of an epoch.

    Attributes
    ----------
    parameters
        Parameters of the network, shape (parameters,).
    values, deltas
        The neurons' activations and errors for one sample, shape (neurons,).
    threads
        Number of threads.
    barrier
        The threads' barrier.
    joins
        Number of barriers after a phase.
    """

    parameters: Floats
    values: Floats
    deltas: Floats
    threads: int
    barrier: Cells
    joins: int


@exact
def train_online(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    own: Filters,
    common: Common,
    listed: Listed,
    labels: Labels,
    order: Indices,
    rank: int,
) -> float:
    """Run one thread of an epoch, which computes some neurons of each layer; the first thread returns the loss."""
    mode = flush_subnormals()
    scratch.ages[:] = 0
    last = last_layer(shape)
    total = 0.0
    take_filters(shape, common.parameters, own)
    for i in range(order.shape[0]):
        label = labels[order[i]]
        which, greys = listed_pixels(listed, order[i]), listed_greys(listed, order[i])
        _forward(shape, rule, scratch, own, common, which, greys, i, rank)
        y, delta = (
            layer_values(shape, common.values, last),
            layer_values(shape, common.deltas, last),
        )
        if rank == 0:
            total += loss(shape, rule, y, label)
        low, high = _range(shape, last, rank, common.threads)
        if high > low:
            at = derivative_values(shape, scratch, last, common.values, low, high)
            output_error(shape, rule, y, at, label, delta, low, high)
            backward_division(shape, last, common.deltas, low, high)
        _meet(common)
        _backward_and_update(shape, rule, scratch, own, common, which, greys, rank)
    if shape.filters > 0:
        put_filters(shape, common.parameters, own)
    else:
        low, high = _range(shape, 1, rank, common.threads)
        apply_pending_shrinkage(shape, scratch, common.parameters, order.shape[0], low, high)
    restore_mode(mode)
    return total


@exact
def _meet(common: Common) -> None:
    """End a phase with one barrier, or with two: a join and the next fork."""
    for _ in range(common.joins):
        wait(common.barrier)


@exact
def _range(shape: Shape, layer: int, rank: int, threads: int) -> tuple[int, int]:
    """Return the range of a thread's neurons in a layer, the end excluded."""
    n = shape.layers[layer]
    if activation_code(shape, layer) == SOFTMAX and layer > 0:
        # Softmax outputs depend on each other, so one thread computes the whole layer and the others nothing.
        return 0, n if rank == 0 else 0
    return n * rank // threads, n * (rank + 1) // threads


@exact
def _forward(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    own: Filters,
    common: Common,
    which: Indices,
    greys: Pixels,
    update: int,
    rank: int,
) -> None:
    parameters, values, table = common.parameters, common.values, rule.table
    if shape.filters > 0:
        forward_filters(shape, table, own, which, greys, values)
    else:
        low, high = _range(shape, 1, rank, common.threads)
        sum_pixels(shape, parameters, which, greys, table, values, scratch, update, low, high)
        activate_pixels(shape, values, low, high)
        if high > low:
            apply_softmax(shape, 1, values)
    _meet(common)
    for layer in range(first_by_neuron(shape), shape.layers.shape[0]):
        low, high = _range(shape, layer, rank, common.threads)
        forward_layer(shape, parameters, layer, values, low, high)
        if high > low:
            apply_softmax(shape, layer, values)
        _meet(common)


@exact
def _backward_and_update(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    own: Filters,
    common: Common,
    which: Indices,
    greys: Pixels,
    rank: int,
) -> None:
    parameters, values, deltas = common.parameters, common.values, common.deltas
    threads, step = common.threads, rule.rate
    first, last = first_by_neuron(shape), last_layer(shape)
    for layer in range(last, first - 1, -1):
        if rule.propagation == UPDATED_WEIGHTS:
            low, high = _range(shape, layer, rank, threads)
            update_layer(shape, rule, parameters, layer, values, deltas, step, low, high)
            _meet(common)
        low, high = _range(shape, layer - 1, rank, threads)
        if high > low:
            backward_layer(shape, rule, scratch, parameters, layer, values, deltas, low, high)
        _meet(common)
    if shape.filters > 0:
        update_own_filters(shape, rule, scratch, own, which, greys, deltas)
    else:
        low, high = _range(shape, 1, rank, threads)
        update_pixels(shape, parameters, which, greys, rule.table, deltas, step, low, high)
        shrink_layer(shape, rule, scratch, parameters, 1, low, high)
    _meet(common)
    for layer in range(first, last + 1):
        low, high = _range(shape, layer, rank, threads)
        if rule.propagation != UPDATED_WEIGHTS:
            update_layer(shape, rule, parameters, layer, values, deltas, step, low, high)
        shrink_layer(shape, rule, scratch, parameters, layer, low, high)
        _meet(common)
