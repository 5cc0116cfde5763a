"""Forward and backward propagation and updates of one sample, layer by layer, for any range of a layer's neurons."""

from __future__ import annotations

from pnncore.arrays import Floats, Indices, Pixels, Real
from pnncore.kernels.activations import activate, backward, softmax
from pnncore.kernels.compiled import exact, inlined
from pnncore.kernels.elastic_net import add_shrunk_rows, shrink_weights
from pnncore.kernels.listed import Listed
from pnncore.kernels.neurons import add_products, backward_products
from pnncore.kernels.pixels import (
    add_rows_by_batch,
    shrink_listed_rows,
    sort_pixels,
    update_rows_by_batch,
)
from pnncore.kernels.plan import AS_PRINTED, ERROR_PRODUCT, REVERSED_SIGN, SOFTMAX, Rule, Shape
from pnncore.kernels.rows import add_rows, update_rows
from pnncore.kernels.scratch import Scratch


@inlined
def last_layer(shape: Shape) -> int:
    """Return the index of the output layer."""
    return len(shape.layers) - 1


@inlined
def first_by_neuron(shape: Shape) -> int:
    """Return the first layer whose weights are stored neuron by neuron."""
    return 1 if shape.filters > 0 else 2


@inlined
def activation_code(shape: Shape, layer: int) -> int:
    """Return the code of a layer's activation."""
    return shape.output if layer == last_layer(shape) else shape.hidden


@inlined
def layer_values(shape: Shape, row: Floats, layer: int) -> Floats:
    """Return a layer's slice of a sample's activations or errors, shape (neurons,)."""
    start = shape.at[layer]
    return row[start : start + shape.layers[layer]]


@inlined
def layer_weights(shape: Shape, parameters: Floats, layer: int) -> Floats:
    """Return a layer's weights, flattened, shape (neurons × fan-in,)."""
    return parameters[shape.weights[layer] : shape.biases[layer]]


@inlined
def layer_biases(shape: Shape, parameters: Floats, layer: int) -> Floats:
    """Return a layer's biases, shape (neurons,)."""
    start = shape.biases[layer]
    return parameters[start : start + shape.layers[layer]]


@inlined
def sum_pixels(
    shape: Shape,
    parameters: Floats,
    which: Indices,
    greys: Pixels,
    table: Floats,
    values: Floats,
    scratch: Scratch,
    update: int,
    low: int,
    high: int,
) -> None:
    """Compute the sums of neurons `low` to `high` of the first layer from the listed pixels.

    The elastic net's pending shrinkage of the listed rows, up to `update` updates, is applied first.
    """
    weights, n = layer_weights(shape, parameters, 1), shape.layers[1]
    sums = layer_values(shape, values, 1)
    _start_sums(layer_biases(shape, parameters, 1), sums, low, high)
    if scratch.pulls.shape[0] > 0:
        shrinks, pulls = scratch.shrinks, scratch.pulls
        rows = weights.reshape(shape.layers[0], n)
        add_shrunk_rows(
            rows, which, greys, table, sums, scratch.ages, update, shrinks, pulls, low, high
        )
    else:
        one = weights.dtype.type(1)
        add_rows(sums[low:high], weights[low:], n, which, greys, table, one)


@inlined
def sum_pixels_by_batch(
    shape: Shape,
    parameters: Floats,
    listed: Listed,
    batch: Indices,
    table: Floats,
    scratch: Scratch,
    update: int,
) -> None:
    """Compute the sums of the first layer for a batch, and keep its sorted pixels for the update.

    The elastic net's pending shrinkage of the listed rows, up to `update` updates, is applied first.
    """
    rows = layer_weights(shape, parameters, 1).reshape(shape.layers[0], shape.layers[1])
    listings, greys, values = scratch.listings, scratch.greys, scratch.values
    sort_pixels(listed, batch, listings, greys)
    if scratch.pulls.shape[0] > 0:
        shrinks, pulls = scratch.shrinks, scratch.pulls
        shrink_listed_rows(rows, listings, scratch.ages, update, shrinks, pulls)
    biases, n = layer_biases(shape, parameters, 1), shape.layers[1]
    for s in range(batch.shape[0]):
        _start_sums(biases, layer_values(shape, values[s], 1), 0, n)
    add_rows_by_batch(values, shape.at[1], rows, listings, greys, table)


@inlined
def activate_pixels(shape: Shape, values: Floats, low: int, high: int) -> None:
    """Compute the activations of neurons `low` to `high` of the first layer from their sums."""
    _activate_sums(shape, 1, layer_values(shape, values, 1), low, high)


@inlined
def forward_layer(
    shape: Shape, parameters: Floats, layer: int, values: Floats, low: int, high: int
) -> None:
    """Compute the activations of neurons `low` to `high` of a later layer from the layer below."""
    sums = layer_values(shape, values, layer)
    _start_sums(layer_biases(shape, parameters, layer), sums, low, high)
    weights = layer_weights(shape, parameters, layer)
    add_products(weights, layer_values(shape, values, layer - 1), sums, low, high)
    _activate_sums(shape, layer, sums, low, high)


@exact
def _start_sums(biases: Floats, sums: Floats, low: int, high: int) -> None:
    part, start = sums[low:high], biases[low:high]
    for j in range(part.shape[0]):
        part[j] = start[j]


@inlined
def _activate_sums(shape: Shape, layer: int, sums: Floats, low: int, high: int) -> None:
    factor = shape.factor[layer]
    if factor != 1:
        part = sums[low:high]
        for j in range(part.shape[0]):
            part[j] *= factor
    activate(activation_code(shape, layer), shape.alpha, sums, low, high)


@inlined
def apply_softmax(shape: Shape, layer: int, values: Floats) -> None:
    """Apply softmax to a layer whose sums are complete, if softmax is its activation."""
    if activation_code(shape, layer) == SOFTMAX:
        softmax(layer_values(shape, values, layer))


@inlined
def derivative_values(
    shape: Shape, scratch: Scratch, layer: int, values: Floats, low: int, high: int
) -> Floats:
    """Return the activations that the derivative of neurons `low` to `high` of a layer follows from.

    They are the layer's own or, in `scratch`, these activated once more; of a softmax layer all of them.
    """
    y = layer_values(shape, values, layer)
    if not shape.reactivated:
        return y
    again, code = layer_values(shape, scratch.reactivated, layer), activation_code(shape, layer)
    first, last = (0, y.shape[0]) if code == SOFTMAX else (low, high)
    part, own = again[first:last], y[first:last]
    for j in range(part.shape[0]):
        part[j] = own[j]
    activate(code, shape.alpha, again, first, last)
    apply_softmax(shape, layer, scratch.reactivated)
    return again


@inlined
def backward_division(shape: Shape, layer: int, deltas: Floats, low: int, high: int) -> None:
    """Multiply the errors of neurons `low` to `high` by the gradient of the division of a layer's sums."""
    slope = shape.slope[layer]
    if slope != 1:
        part = layer_values(shape, deltas, layer)[low:high]
        for j in range(part.shape[0]):
            part[j] *= slope


@inlined
def backward_layer(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    parameters: Floats,
    layer: int,
    values: Floats,
    deltas: Floats,
    low: int,
    high: int,
) -> None:
    """Propagate the errors of `layer` back to neurons `low` to `high` of the layer below."""
    weights = layer_weights(shape, parameters, layer)
    delta, below = layer_values(shape, deltas, layer), layer_values(shape, deltas, layer - 1)
    backward_products(weights, delta, below, low, high)
    if rule.propagation == REVERSED_SIGN or rule.propagation == AS_PRINTED:
        part = below[low:high]
        for k in range(part.shape[0]):
            part[k] = -part[k]
    y = derivative_values(shape, scratch, layer - 1, values, low, high)
    backward(shape.hidden, shape.alpha, y, below, low, high)
    backward_division(shape, layer - 1, deltas, low, high)


@inlined
def update_pixels(
    shape: Shape,
    parameters: Floats,
    which: Indices,
    greys: Pixels,
    table: Floats,
    deltas: Floats,
    step: Real,
    low: int,
    high: int,
) -> None:
    """Update the weights and biases of neurons `low` to `high` of the first layer by one sample's gradient."""
    weights, delta = layer_weights(shape, parameters, 1)[low:], layer_values(shape, deltas, 1)
    update_rows(delta[low:high], weights, shape.layers[1], which, greys, table, -step)
    _update_first_biases(shape, parameters, deltas, step, low, high)


@inlined
def update_pixels_by_batch(
    shape: Shape, parameters: Floats, size: int, table: Floats, scratch: Scratch, step: Real
) -> None:
    """Update the weights and biases of the first layer by the gradient of the batch that was propagated forward."""
    rows = layer_weights(shape, parameters, 1).reshape(shape.layers[0], shape.layers[1])
    listings, greys, deltas = scratch.listings, scratch.greys, scratch.deltas
    update_rows_by_batch(rows, listings, greys, table, deltas, shape.at[1], step)
    for s in range(size):
        _update_first_biases(shape, parameters, deltas[s], step, 0, shape.layers[1])


@inlined
def _update_first_biases(
    shape: Shape, parameters: Floats, deltas: Floats, step: Real, low: int, high: int
) -> None:
    """Update the biases of neurons `low` to `high` of the first layer by one sample's gradient, if it has any."""
    delta = layer_values(shape, deltas, 1)[low:high]
    biases = layer_biases(shape, parameters, 1)[low:high]
    if shape.biased:
        for j in range(delta.shape[0]):
            biases[j] -= step * delta[j]


@inlined
def update_layer(
    shape: Shape,
    rule: Rule,
    parameters: Floats,
    layer: int,
    values: Floats,
    deltas: Floats,
    step: Real,
    low: int,
    high: int,
) -> None:
    """Update the weights and biases of neurons `low` to `high` of a later layer by one sample's gradient."""
    delta = layer_values(shape, deltas, layer)
    # As Olsen et al. print it: the sending neurons' errors replace activations. Theirs are our deltas, negated if
    # updates descend; the product of two, which they add, is the same either way.
    printed = rule.propagation == ERROR_PRODUCT or rule.propagation == AS_PRINTED
    sent = layer_values(shape, deltas if printed else values, layer - 1)
    weights, n = layer_weights(shape, parameters, layer)[low * sent.shape[0] :], sent.shape[0]
    factor = step if printed and rule.rate > 0 else -step
    update_rows(sent, weights, n, None, None, delta[low:high], factor)
    biases = layer_biases(shape, parameters, layer)
    if shape.biased:
        for j in range(low, high):
            biases[j] -= step * delta[j]


@inlined
def apply_pending_shrinkage(
    shape: Shape, scratch: Scratch, parameters: Floats, updates: int, low: int, high: int
) -> None:
    """Apply the elastic net's pending shrinkage to the first layer's weights of neurons `low` to `high`."""
    if scratch.pulls.shape[0] == 0:
        return
    rows = layer_weights(shape, parameters, 1).reshape(shape.layers[0], shape.layers[1])
    for i in range(rows.shape[0]):
        missed = updates - scratch.ages[i]
        shrink_weights(rows[i], scratch.shrinks[missed], scratch.pulls[missed], low, high)


@inlined
def shrink_layer(
    shape: Shape, rule: Rule, scratch: Scratch, parameters: Floats, layer: int, low: int, high: int
) -> None:
    """Apply one update's shrinkage to neurons `low` to `high` of a layer.

    Not to the weights of pixels: their rows are shrunk when they are next read.
    """
    if scratch.pulls.shape[0] == 0:
        return
    shrink, pull = scratch.shrinks[1], scratch.pulls[1]
    if layer >= first_by_neuron(shape):
        weights, fan_in = layer_weights(shape, parameters, layer), shape.layers[layer - 1]
        shrink_weights(weights, shrink, pull, low * fan_in, high * fan_in)
    if rule.pulls_biases:
        shrink_weights(layer_biases(shape, parameters, layer), shrink, pull, low, high)
