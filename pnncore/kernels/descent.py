"""Mini-batch gradient descent over samples in a given order."""

from __future__ import annotations

from pnncore.arrays import Floats, Indices, Labels, Real
from pnncore.kernels.compiled import exact, inlined
from pnncore.kernels.convolution_gradient import update_filters
from pnncore.kernels.elastic_net import shrink_weights
from pnncore.kernels.forward import forward_sample, is_sorted
from pnncore.kernels.listed import Listed, listed_greys, listed_pixels
from pnncore.kernels.plan import UPDATED_WEIGHTS, Rule, Shape
from pnncore.kernels.prefetch import prefetch_pixels
from pnncore.kernels.propagation import (
    apply_pending_shrinkage,
    backward_layer,
    first_by_neuron,
    last_layer,
    layer_values,
    shrink_layer,
    update_layer,
    update_pixels,
    update_pixels_by_batch,
)
from pnncore.kernels.scratch import Scratch
from pnncore.kernels.subnormal import flush_subnormals, restore_mode


@exact
def train_samples(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    parameters: Floats,
    listed: Listed,
    labels: Labels,
    order: Indices,
) -> float:
    """Train on samples in order; return the sum of their losses, each computed before its batch's update.

    Parameters
    ----------
    shape, rule
        Shape and learning rule of the network.
    scratch
        Buffers for batches of ``min(rule.batch, len(order))`` samples and for all updates.
    parameters
        Parameters of the network, shape (parameters,); updated in place.
    listed, labels
        Lists of all samples' pixels, and the samples' classes, shape (samples,).
    order
        Positions of the samples to train on.
    """
    mode = flush_subnormals()
    scratch.ages[:] = 0
    total = 0.0
    update = 0
    for start in range(0, order.shape[0], rule.batch):
        batch = order[start : start + rule.batch]
        size = batch.shape[0]
        for s in range(size):
            # A sample of the next batch: the lists are too many for the caches.
            ahead = start + size + s
            if ahead < order.shape[0]:
                prefetch_pixels(listed, order[ahead])
            total += forward_sample(
                shape, rule, scratch, parameters, listed, batch, labels[batch[s]], s, update
            )
        step = rule.rate / rule.table.dtype.type(size) if rule.mean else rule.rate
        _update_batch(shape, rule, scratch, parameters, listed, batch, step)
        update += 1
    if shape.filters == 0:
        apply_pending_shrinkage(shape, scratch, parameters, update, 0, shape.layers[1])
    restore_mode(mode)
    return total


@inlined
def _update_batch(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    parameters: Floats,
    listed: Listed,
    batch: Indices,
    step: Real,
) -> None:
    """Propagate a batch's errors back and update all parameters."""
    size, first, last = batch.shape[0], first_by_neuron(shape), last_layer(shape)
    updated = rule.propagation == UPDATED_WEIGHTS
    for layer in range(last, first - 1, -1):
        if updated:
            _update_samples(shape, rule, scratch, parameters, layer, size, step)
        _backward_samples(shape, rule, scratch, parameters, layer, size)
    if not updated:
        _update_layers(shape, rule, scratch, parameters, size, step)
    _update_inputs(shape, rule, scratch, parameters, listed, batch, step)
    for layer in range(1, last + 1):
        shrink_layer(shape, rule, scratch, parameters, layer, 0, shape.layers[layer])
    if shape.filters > 0 and scratch.pulls.shape[0] > 0:
        high = shape.weights[1] if rule.pulls_biases else shape.biases[0]
        shrink_weights(parameters, scratch.shrinks[1], scratch.pulls[1], 0, high)


@inlined
def backward_layers(
    shape: Shape, rule: Rule, scratch: Scratch, parameters: Floats, size: int
) -> None:
    """Propagate the errors of the first `size` samples back from the outputs."""
    for layer in range(last_layer(shape), first_by_neuron(shape) - 1, -1):
        _backward_samples(shape, rule, scratch, parameters, layer, size)


@inlined
def _backward_samples(
    shape: Shape, rule: Rule, scratch: Scratch, parameters: Floats, layer: int, size: int
) -> None:
    n = shape.layers[layer - 1]
    for s in range(size):
        values, deltas = scratch.values[s], scratch.deltas[s]
        backward_layer(shape, rule, scratch, parameters, layer, values, deltas, 0, n)


@exact
def update_by_sample(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    parameters: Floats,
    listed: Listed,
    batch: Indices,
    step: Real,
) -> None:
    """Subtract the gradient of a batch, times `step`, from an array of the parameters' shape."""
    _update_layers(shape, rule, scratch, parameters, batch.shape[0], step)
    _update_inputs_by_sample(shape, rule, scratch, parameters, listed, batch, step)


@inlined
def update_by_batch(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    parameters: Floats,
    listed: Listed,
    batch: Indices,
    step: Real,
) -> None:
    """Do as `update_by_sample` does, with the pixels that were sorted when the batch was propagated forward."""
    _update_layers(shape, rule, scratch, parameters, batch.shape[0], step)
    _update_inputs(shape, rule, scratch, parameters, listed, batch, step)


@inlined
def _update_layers(
    shape: Shape, rule: Rule, scratch: Scratch, parameters: Floats, size: int, step: Real
) -> None:
    for layer in range(first_by_neuron(shape), last_layer(shape) + 1):
        _update_samples(shape, rule, scratch, parameters, layer, size, step)


@inlined
def _update_samples(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    parameters: Floats,
    layer: int,
    size: int,
    step: Real,
) -> None:
    n = shape.layers[layer]
    for s in range(size):
        update_layer(
            shape, rule, parameters, layer, scratch.values[s], scratch.deltas[s], step, 0, n
        )


@inlined
def _update_inputs(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    parameters: Floats,
    listed: Listed,
    batch: Indices,
    step: Real,
) -> None:
    """Update the parameters of the first layer or the convolution."""
    size = batch.shape[0]
    if is_sorted(shape, size):
        update_pixels_by_batch(shape, parameters, size, rule.table, scratch, step)
    else:
        _update_inputs_by_sample(shape, rule, scratch, parameters, listed, batch, step)


@inlined
def _update_inputs_by_sample(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    parameters: Floats,
    listed: Listed,
    batch: Indices,
    step: Real,
) -> None:
    for s in range(batch.shape[0]):
        if shape.filters > 0:
            _update_filters(shape, rule, scratch, parameters, listed, batch[s], step, s)
        else:
            which, greys = listed_pixels(listed, batch[s]), listed_greys(listed, batch[s])
            deltas, n = scratch.deltas[s], shape.layers[1]
            update_pixels(shape, parameters, which, greys, rule.table, deltas, step, 0, n)


@exact
def _update_filters(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    parameters: Floats,
    listed: Listed,
    sample: int,
    step: Real,
    s: int,
) -> None:
    which, greys = listed_pixels(listed, sample), listed_greys(listed, sample)
    taps = parameters[: shape.biases[0]].reshape(shape.size, shape.size, shape.filters)
    biases = parameters[shape.biases[0] : shape.biases[0] + shape.filters]
    cells, winners = layer_values(shape, scratch.deltas[s], 0), scratch.winners[s]
    side, sums = shape.side, scratch.sums
    update_filters(which, greys, rule.table, winners, cells, step, taps, biases, side, sums)
