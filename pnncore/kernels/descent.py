"""Gradient descent over samples in a given order, batch by batch."""

from __future__ import annotations

from pnncore.arrays import Floats, Indices, Labels, Pixels, Real
from pnncore.kernels.activations import activate
from pnncore.kernels.compiled import exact, inlined
from pnncore.kernels.convolution import convolve, descend
from pnncore.kernels.elastic_net import pull_in
from pnncore.kernels.errors import loss, output_error
from pnncore.kernels.pixels import list_inputs, move_rows, move_rows_by_batch
from pnncore.kernels.plan import UPDATED_WEIGHTS, Rule, Shape
from pnncore.kernels.propagation import (
    blame,
    complete,
    excite,
    excite_by_pixels,
    last_layer,
    move,
    move_biases,
    of_layer,
    settle,
    slope_of,
    weights_of,
)
from pnncore.kernels.scratch import Scratch


@exact
def train_samples(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    parameters: Floats,
    pixels: Pixels,
    labels: Labels,
    order: Indices,
) -> float:
    """Train on samples in order; return the sum of their losses, each before its batch's update.

    Parameters
    ----------
    shape, rule
        What is trained, and how.
    scratch
        Room for ``min(rule.batch, len(order))`` samples a batch and for as many updates.
    parameters
        Of the network, shape (parameters,); changed in place.
    pixels, labels
        All samples, shapes (samples, pixels) and (samples,).
    order
        Positions of those to visit.
    """
    scratch.ages[:] = 0
    total = 0.0
    update = 0
    for start in range(0, order.shape[0], rule.batch):
        batch = order[start : start + rule.batch]
        size = batch.shape[0]
        for s in range(size):
            total += look(
                shape, rule, scratch, parameters, pixels[batch[s]], labels[batch[s]], s, update
            )
        step = rule.rate / rule.table.dtype.type(size) if rule.mean else rule.rate
        _learn(shape, rule, scratch, parameters, pixels, batch, step)
        update += 1
    if shape.filters == 0:
        settle(shape, scratch, parameters, update, 0, shape.layers[1])
    return total


@exact
def look(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    parameters: Floats,
    pixels: Pixels,
    label: int,
    s: int,
    update: int,
) -> float:
    """Propagate a sample to the outputs, note their error, and return its loss.

    Parameters
    ----------
    shape, rule, scratch, parameters
        See `train_samples`.
    pixels
        The sample's, shape (pixels,).
    label
        Its class.
    s
        Which row of the scratch is its.
    update
        How many updates there have been.
    """
    place = _list(scratch, rule, pixels, s)
    count = scratch.counts[place]
    which, inputs = scratch.which[place, :count], scratch.inputs[place, :count]
    values, deltas, last = scratch.values[s], scratch.deltas[s], last_layer(shape)
    if shape.filters > 0:
        _excite_cells(shape, scratch, parameters, which, inputs, s)
    else:
        _excite_first(shape, scratch, parameters, which, inputs, values, update)
    for layer in range(_first_by_neuron(shape), last + 1):
        excite(shape, parameters, layer, values, 0, shape.layers[layer])
        complete(shape, layer, values)
    y, delta = of_layer(shape, values, last), of_layer(shape, deltas, last)
    output_error(shape, rule, y, label, delta, 0, y.shape[0])
    slope_of(shape, last, deltas, 0, y.shape[0])
    return loss(shape, rule, y, label)


@inlined
def _first_by_neuron(shape: Shape) -> int:
    """Return the first layer whose weights lie neuron by neuron."""
    return 1 if shape.filters > 0 else 2


@exact
def _list(scratch: Scratch, rule: Rule, pixels: Pixels, s: int) -> int:
    """List a sample's pixels; return the row of the lists."""
    place = s % len(scratch.counts)
    scratch.counts[place] = list_inputs(
        pixels, rule.table, scratch.which[place], scratch.inputs[place]
    )
    return place


@exact
def _excite_first(
    shape: Shape,
    scratch: Scratch,
    parameters: Floats,
    which: Indices,
    inputs: Floats,
    values: Floats,
    update: int,
) -> None:
    """Compute the first layer's activations from pixels."""
    n = shape.layers[1]
    rows = weights_of(shape, parameters, 1).reshape(shape.layers[0], n)
    excite_by_pixels(shape, parameters, rows, which, inputs, values, scratch, update, 0, n)
    complete(shape, 1, values)


@exact
def _excite_cells(
    shape: Shape,
    scratch: Scratch,
    parameters: Floats,
    which: Indices,
    inputs: Floats,
    s: int,
) -> None:
    """Compute the activations of a convolution's pooled cells."""
    taps = parameters[: shape.biases[0]].reshape(shape.size, shape.size, shape.filters)
    biases = parameters[shape.biases[0] : shape.biases[0] + shape.filters]
    cells = of_layer(shape, scratch.values[s], 0)
    convolve(
        which, inputs, taps, biases, shape.side, shape.pool, scratch.sums, cells, scratch.winners[s]
    )
    activate(shape.hidden, shape.alpha, cells, 0, cells.shape[0])


@exact
def _learn(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    parameters: Floats,
    pixels: Pixels,
    batch: Indices,
    step: Real,
) -> None:
    """Propagate a batch's errors back and update all weights."""
    size, first, last = batch.shape[0], _first_by_neuron(shape), last_layer(shape)
    if rule.propagation == UPDATED_WEIGHTS:
        for layer in range(last, first - 1, -1):
            _move_layer(shape, rule, scratch, parameters, layer, size, step)
            _blame_layer(shape, rule, scratch, parameters, layer, size)
    else:
        blame_layers(shape, rule, scratch, parameters, size)
        for layer in range(first, last + 1):
            _move_layer(shape, rule, scratch, parameters, layer, size, step)
    _move_front(shape, rule, scratch, parameters, pixels, batch, step)
    if scratch.pulls.shape[0] > 0:
        # All but the rows of pixels, which are pulled in when their turn comes.
        low = 0 if shape.filters > 0 else shape.biases[1]
        pull_in(parameters, scratch.shrinks[1], scratch.pulls[1], low, parameters.shape[0])


@exact
def blame_layers(shape: Shape, rule: Rule, scratch: Scratch, parameters: Floats, size: int) -> None:
    """Propagate the errors of the first `size` samples back from the outputs."""
    for layer in range(last_layer(shape), _first_by_neuron(shape) - 1, -1):
        _blame_layer(shape, rule, scratch, parameters, layer, size)


@exact
def _blame_layer(
    shape: Shape, rule: Rule, scratch: Scratch, parameters: Floats, layer: int, size: int
) -> None:
    n = shape.layers[layer - 1]
    for s in range(size):
        blame(shape, rule, parameters, layer, scratch.values[s], scratch.deltas[s], 0, n)


@exact
def move_by_sample(
    shape: Shape, rule: Rule, scratch: Scratch, parameters: Floats, size: int, step: Real
) -> None:
    """Subtract the gradient of the first `size` samples, times `step`, from parameters or any numbers as many.

    The lists of these samples' pixels must all be there still: so no more than `LISTED` of them.
    """
    for layer in range(_first_by_neuron(shape), shape.layers.shape[0]):
        _move_layer(shape, rule, scratch, parameters, layer, size, step)
    for s in range(size):
        _move_front_by_sample(shape, scratch, parameters, s, step)


@exact
def _move_layer(
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
        move(shape, rule, parameters, layer, scratch.values[s], scratch.deltas[s], step, 0, n)


@exact
def _move_front(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    parameters: Floats,
    pixels: Pixels,
    batch: Indices,
    step: Real,
) -> None:
    """Update what pixels feed, for a batch whose lists of pixels may have to be made again."""
    size, listed = batch.shape[0], scratch.counts.shape[0]
    for start in range(0, size, listed):
        here = min(listed, size - start)
        for s in range(start, start + here):
            if size > listed:
                _list(scratch, rule, pixels[batch[s]], s)
        if size > 1 and shape.filters == 0:
            _move_first_by_batch(shape, scratch, parameters, start, here, step)
        else:
            for s in range(start, start + here):
                _move_front_by_sample(shape, scratch, parameters, s, step)


@exact
def _move_first_by_batch(
    shape: Shape, scratch: Scratch, parameters: Floats, start: int, size: int, step: Real
) -> None:
    rows = weights_of(shape, parameters, 1).reshape(shape.layers[0], shape.layers[1])
    move_rows_by_batch(
        rows,
        scratch.counts[:size],
        scratch.which,
        scratch.inputs,
        scratch.deltas[start : start + size],
        shape.at[1],
        step,
        scratch.ends,
        scratch.samples,
        scratch.scales,
    )
    for s in range(start, start + size):
        move_biases(shape, parameters, scratch.deltas[s], step, 0, shape.layers[1])


@exact
def _move_front_by_sample(
    shape: Shape, scratch: Scratch, parameters: Floats, s: int, step: Real
) -> None:
    place = s % scratch.counts.shape[0]
    count = scratch.counts[place]
    which, inputs = scratch.which[place, :count], scratch.inputs[place, :count]
    deltas, n = scratch.deltas[s], shape.layers[1]
    if shape.filters > 0:
        taps = parameters[: shape.biases[0]].reshape(shape.size, shape.size, shape.filters)
        biases = parameters[shape.biases[0] : shape.biases[0] + shape.filters]
        cells = of_layer(shape, deltas, 0)
        descend(
            which, inputs, scratch.winners[s], cells, step, taps, biases, shape.side, scratch.sums
        )
    else:
        rows = weights_of(shape, parameters, 1).reshape(shape.layers[0], n)
        move_rows(rows, which, inputs, of_layer(shape, deltas, 1), step, 0, n)
        move_biases(shape, parameters, deltas, step, 0, n)
