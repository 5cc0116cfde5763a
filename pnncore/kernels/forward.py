"""Forward propagation of samples, from their pixels to their outputs and losses."""

from __future__ import annotations

from pnncore.arrays import Floats, Indices, Pixels
from pnncore.kernels.activations import activate
from pnncore.kernels.compiled import exact, inlined
from pnncore.kernels.convolution import convolve
from pnncore.kernels.errors import loss, output_error
from pnncore.kernels.listed import Listed, listed_greys, listed_pixels
from pnncore.kernels.plan import Rule, Shape
from pnncore.kernels.propagation import (
    activate_pixels,
    apply_softmax,
    backward_division,
    derivative_values,
    first_by_neuron,
    forward_layer,
    last_layer,
    layer_values,
    sum_pixels,
    sum_pixels_by_batch,
)
from pnncore.kernels.scratch import Scratch
from pnncore.kernels.subnormal import flush_subnormals, restore_mode


@inlined
def forward_sample(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    parameters: Floats,
    listed: Listed,
    batch: Indices,
    label: int,
    s: int,
    update: int,
) -> float:
    """Propagate a batch's next sample forward, store the outputs' errors, and return its loss.

    Parameters
    ----------
    shape, rule, scratch, parameters
        See `train_samples`.
    listed, batch
        Lists of all samples' pixels, and the positions of the batch's samples.
    label
        The sample's class.
    s
        Its row in the batch and in the scratch buffers. The first layer of a sorted batch is summed for all samples
        with the first, so a batch's samples must come in order.
    update
        Number of updates so far.
    """
    table = rule.table
    if not is_sorted(shape, batch.shape[0]):
        _forward_input(shape, table, scratch, parameters, listed, batch[s], s, update)
    elif s == 0:
        sum_pixels_by_batch(shape, parameters, listed, batch, table, scratch, update)
    return finish_sample(shape, rule, scratch, parameters, label, s)


@inlined
def finish_sample(
    shape: Shape, rule: Rule, scratch: Scratch, parameters: Floats, label: int, s: int
) -> float:
    """Propagate a sample from the sums of its first layer to the outputs' errors, and return its loss.

    Parameters
    ----------
    shape, rule, scratch, parameters
        See `train_samples`.
    label
        The sample's class.
    s
        Its row in the scratch buffers.
    """
    values, deltas, last = scratch.values[s], scratch.deltas[s], last_layer(shape)
    _forward_layers(shape, parameters, values)
    y, delta = layer_values(shape, values, last), layer_values(shape, deltas, last)
    at = derivative_values(shape, scratch, last, values, 0, y.shape[0])
    output_error(shape, rule, y, at, label, delta, 0, y.shape[0])
    backward_division(shape, last, deltas, 0, y.shape[0])
    return loss(shape, rule, y, label)


@inlined
def is_sorted(shape: Shape, size: int) -> bool:
    """Return whether the first layer of a batch of some size is computed pixel by pixel, for all samples at once."""
    return size > 1 and shape.filters == 0


@exact
def compute_outputs(
    shape: Shape,
    table: Floats,
    scratch: Scratch,
    parameters: Floats,
    listed: Listed,
    outputs: Floats,
) -> None:
    """Propagate samples forward, and write the values of their last layer.

    Samples are propagated one at a time: to sort the pixels of many takes longer than it saves where layers are small.

    Parameters
    ----------
    shape, parameters
        Shape and parameters of the network.
    table
        Input of each grey value, shape (256,).
    scratch
        Buffers for one sample, without an elastic net.
    listed
        Lists of the samples' pixels.
    outputs
        Output, shape (samples, classes).
    """
    mode = flush_subnormals()
    values = scratch.values[0]
    for sample in range(outputs.shape[0]):
        _forward_input(shape, table, scratch, parameters, listed, sample, 0, 0)
        _forward_layers(shape, parameters, values)
        y, found = outputs[sample], layer_values(shape, values, last_layer(shape))
        for j in range(y.shape[0]):
            y[j] = found[j]
    restore_mode(mode)


@inlined
def _forward_input(
    shape: Shape,
    table: Floats,
    scratch: Scratch,
    parameters: Floats,
    listed: Listed,
    sample: int,
    s: int,
    update: int,
) -> None:
    """Compute the sums of one sample's first layer, or the activations of its convolution's cells."""
    which, greys = listed_pixels(listed, sample), listed_greys(listed, sample)
    values, n = scratch.values[s], shape.layers[1]
    if shape.filters > 0:
        _forward_convolution(shape, table, scratch, parameters, which, greys, s)
    else:
        sum_pixels(shape, parameters, which, greys, table, values, scratch, update, 0, n)


@inlined
def _forward_layers(shape: Shape, parameters: Floats, values: Floats) -> None:
    """Compute a sample's activations from the sums of its first layer, or from its convolution's cells."""
    if shape.filters == 0:
        activate_pixels(shape, values, 0, shape.layers[1])
        apply_softmax(shape, 1, values)
    for layer in range(first_by_neuron(shape), last_layer(shape) + 1):
        forward_layer(shape, parameters, layer, values, 0, shape.layers[layer])
        apply_softmax(shape, layer, values)


@exact
def _forward_convolution(
    shape: Shape,
    table: Floats,
    scratch: Scratch,
    parameters: Floats,
    which: Indices,
    greys: Pixels,
    s: int,
) -> None:
    """Compute the activations of a convolution's pooled cells."""
    taps = parameters[: shape.biases[0]].reshape(shape.size, shape.size, shape.filters)
    biases = parameters[shape.biases[0] : shape.biases[0] + shape.filters]
    cells, winners = layer_values(shape, scratch.values[s], 0), scratch.winners[s]
    side, pool, sums = shape.side, shape.pool, scratch.sums
    convolve(which, greys, table, taps, biases, side, pool, sums, cells, winners)
    activate(shape.hidden, shape.alpha, cells, 0, cells.shape[0])
