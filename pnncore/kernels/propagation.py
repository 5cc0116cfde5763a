"""One sample on its way through a network and back, layer by layer, for any range of a layer's neurons."""

from __future__ import annotations

from pnncore.arrays import Floats, Indices, Real
from pnncore.kernels.activations import activate, backward, softmax
from pnncore.kernels.compiled import exact, inlined
from pnncore.kernels.elastic_net import add_rows_pulled_in, pull_in
from pnncore.kernels.neurons import add_products, move_neurons, send_back
from pnncore.kernels.pixels import add_rows
from pnncore.kernels.plan import ERROR_PRODUCT, REVERSED_SIGN, SOFTMAX, Rule, Shape
from pnncore.kernels.scratch import Scratch


@inlined
def last_layer(shape: Shape) -> int:
    """Return the number of the output layer."""
    return len(shape.layers) - 1


@inlined
def code_of(shape: Shape, layer: int) -> int:
    """Return the code of a layer's activation."""
    return shape.output if layer == last_layer(shape) else shape.hidden


@inlined
def of_layer(shape: Shape, row: Floats, layer: int) -> Floats:
    """Return a layer's part of a sample's values or deltas, shape (neurons,)."""
    start = shape.at[layer]
    return row[start : start + shape.layers[layer]]


@inlined
def weights_of(shape: Shape, parameters: Floats, layer: int) -> Floats:
    """Return a layer's weights, one after another."""
    return parameters[shape.weights[layer] : shape.biases[layer]]


@inlined
def biases_of(shape: Shape, parameters: Floats, layer: int) -> Floats:
    """Return a layer's biases, shape (neurons,)."""
    start = shape.biases[layer]
    return parameters[start : start + shape.layers[layer]]


@exact
def excite_by_pixels(
    shape: Shape,
    parameters: Floats,
    rows: Floats,
    which: Indices,
    inputs: Floats,
    values: Floats,
    scratch: Scratch,
    update: int,
    low: int,
    high: int,
) -> None:
    """Compute the first layer's activations of neurons `low` to `high` from listed pixels, after so many updates."""
    sums = of_layer(shape, values, 1)
    _start(biases_of(shape, parameters, 1), sums, low, high)
    if scratch.pulls.shape[0] > 0:
        shrinks, pulls = scratch.shrinks, scratch.pulls
        add_rows_pulled_in(
            rows, which, inputs, sums, scratch.ages, update, shrinks, pulls, low, high
        )
    else:
        add_rows(rows, which, inputs, sums, low, high)
    _finish(shape, 1, sums, low, high)


@exact
def excite(
    shape: Shape, parameters: Floats, layer: int, values: Floats, low: int, high: int
) -> None:
    """Compute a later layer's activations of neurons `low` to `high` from the layer below."""
    sums = of_layer(shape, values, layer)
    _start(biases_of(shape, parameters, layer), sums, low, high)
    weights = weights_of(shape, parameters, layer)
    add_products(weights, of_layer(shape, values, layer - 1), sums, low, high)
    _finish(shape, layer, sums, low, high)


@exact
def _start(biases: Floats, sums: Floats, low: int, high: int) -> None:
    part, start = sums[low:high], biases[low:high]
    for j in range(part.shape[0]):
        part[j] = start[j]


@exact
def _finish(shape: Shape, layer: int, sums: Floats, low: int, high: int) -> None:
    factor = shape.factor[layer]
    if factor != 1:
        part = sums[low:high]
        for j in range(part.shape[0]):
            part[j] *= factor
    activate(code_of(shape, layer), shape.alpha, sums, low, high)


@exact
def complete(shape: Shape, layer: int, values: Floats) -> None:
    """Turn a layer whose sums are all there into its softmax, if it has one."""
    if code_of(shape, layer) == SOFTMAX:
        softmax(of_layer(shape, values, layer))


@exact
def slope_of(shape: Shape, layer: int, deltas: Floats, low: int, high: int) -> None:
    """Take a layer's errors back through the division of its sums."""
    slope = shape.slope[layer]
    if slope != 1:
        part = of_layer(shape, deltas, layer)[low:high]
        for j in range(part.shape[0]):
            part[j] *= slope


@exact
def blame(
    shape: Shape,
    rule: Rule,
    parameters: Floats,
    layer: int,
    values: Floats,
    deltas: Floats,
    low: int,
    high: int,
) -> None:
    """Compute the errors of neurons `low` to `high` of the layer below `layer` from those of `layer`."""
    weights = weights_of(shape, parameters, layer)
    delta, below = of_layer(shape, deltas, layer), of_layer(shape, deltas, layer - 1)
    send_back(weights, delta, below, low, high)
    if rule.propagation == REVERSED_SIGN:
        part = below[low:high]
        for k in range(part.shape[0]):
            part[k] = -part[k]
    y = of_layer(shape, values, layer - 1)
    backward(shape.hidden, shape.alpha, y, below, low, high)
    slope_of(shape, layer - 1, deltas, low, high)


@exact
def move_biases(
    shape: Shape, parameters: Floats, deltas: Floats, step: Real, low: int, high: int
) -> None:
    """Move the first layer's biases of neurons `low` to `high` down one sample's gradient."""
    delta = of_layer(shape, deltas, 1)[low:high]
    biases = biases_of(shape, parameters, 1)[low:high]
    for j in range(delta.shape[0]):
        biases[j] -= step * delta[j]


@exact
def move(
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
    """Move a later layer's weights and biases of neurons `low` to `high` down one sample's gradient."""
    weights, biases = weights_of(shape, parameters, layer), biases_of(shape, parameters, layer)
    delta = of_layer(shape, deltas, layer)
    if rule.propagation == ERROR_PRODUCT:
        # As Olsen et al. print it: the sending neurons' errors, which are our deltas' opposites, for activations.
        move_neurons(
            weights, biases, of_layer(shape, deltas, layer - 1), delta, -step, step, low, high
        )
    else:
        move_neurons(
            weights, biases, of_layer(shape, values, layer - 1), delta, step, step, low, high
        )


@exact
def settle(
    shape: Shape, scratch: Scratch, parameters: Floats, updates: int, low: int, high: int
) -> None:
    """Pull in the weights of pixels and neurons `low` to `high` for the updates that they have missed."""
    if scratch.pulls.shape[0] == 0:
        return
    rows = weights_of(shape, parameters, 1).reshape(shape.layers[0], shape.layers[1])
    for i in range(rows.shape[0]):
        missed = updates - scratch.ages[i]
        pull_in(rows[i], scratch.shrinks[missed], scratch.pulls[missed], low, high)
