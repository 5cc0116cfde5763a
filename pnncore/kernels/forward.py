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
    apply_softmax,
    backward_division,
    first_by_neuron,
    forward_layer,
    forward_pixels,
    last_layer,
    layer_values,
)
from pnncore.kernels.scratch import Scratch


@inlined
def forward_sample(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    parameters: Floats,
    listed: Listed,
    sample: int,
    label: int,
    s: int,
    update: int,
) -> float:
    """Propagate a sample forward, store the outputs' errors, and return its loss.

    Parameters
    ----------
    shape, rule, scratch, parameters
        See `train_samples`.
    listed, sample
        Lists of all samples' pixels, and the sample's position.
    label
        Its class.
    s
        The sample's row in the scratch buffers.
    update
        Number of updates so far.
    """
    _propagate(shape, rule.table, scratch, parameters, listed, sample, s, update)
    values, deltas, last = scratch.values[s], scratch.deltas[s], last_layer(shape)
    y, delta = layer_values(shape, values, last), layer_values(shape, deltas, last)
    output_error(shape, rule, y, label, delta, 0, y.shape[0])
    backward_division(shape, last, deltas, 0, y.shape[0])
    return loss(shape, rule, y, label)


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
    for sample in range(outputs.shape[0]):
        _propagate(shape, table, scratch, parameters, listed, sample, 0, 0)
        y, found = outputs[sample], layer_values(shape, scratch.values[0], last_layer(shape))
        for j in range(y.shape[0]):
            y[j] = found[j]


@inlined
def _propagate(
    shape: Shape,
    table: Floats,
    scratch: Scratch,
    parameters: Floats,
    listed: Listed,
    sample: int,
    s: int,
    update: int,
) -> None:
    which, greys = listed_pixels(listed, sample), listed_greys(listed, sample)
    values, n = scratch.values[s], shape.layers[1]
    if shape.filters > 0:
        _forward_convolution(shape, table, scratch, parameters, which, greys, s)
    else:
        forward_pixels(shape, parameters, which, greys, table, values, scratch, update, 0, n)
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
