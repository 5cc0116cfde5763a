"""A convolution whose filters threads divide among themselves: each keeps its own together while an epoch runs."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from pnncore.arrays import Floats, Indices, Pixels, make_aligned
from pnncore.kernels.activations import activate
from pnncore.kernels.compiled import exact
from pnncore.kernels.convolution import convolve, make_sums
from pnncore.kernels.convolution_gradient import update_filters
from pnncore.kernels.elastic_net import shrink_weights
from pnncore.kernels.plan import Rule, Shape
from pnncore.kernels.propagation import layer_values
from pnncore.kernels.scratch import Scratch


class Filters(NamedTuple):
    """Some filters of a convolution, made by `make_filters`.

    Attributes
    ----------
    first
        Number of the first of them.
    weights, biases
        The filters, shape (size, size, own), and their biases, shape (own,).
    cells
        Their pooled sums and activations of a sample, or the errors of these, shape (pools × pools, own).
    sums, winners
        See `pnncore.kernels.convolution.convolve`; winners have the cells' shape.
    """

    first: int
    weights: Floats
    biases: Floats
    cells: Floats
    sums: Floats
    winners: Indices


def make_filters(shape: Shape, rank: int, threads: int, dtype: np.dtype[Any]) -> Filters:
    """Allocate the buffers of one of so many threads; without a convolution, empty ones."""
    first, last = shape.filters * rank // threads, shape.filters * (rank + 1) // threads
    own = last - first
    pools = int(shape.layers[0]) // shape.filters if own else 0
    return Filters(
        first=first,
        weights=make_aligned((shape.size, shape.size, own), dtype),
        biases=make_aligned((own,), dtype),
        cells=make_aligned((pools, own), dtype),
        sums=make_sums(shape.side, shape.size, own, shape.pool, dtype)
        if own
        else np.empty(0, dtype),
        winners=np.empty((pools, own), np.int32),
    )


@exact
def take_filters(shape: Shape, parameters: Floats, own: Filters) -> None:
    """Read a thread's own filters from the parameters, shape (parameters,)."""
    start = shape.biases[0]
    every = parameters[:start].reshape(shape.size, shape.size, shape.filters)
    biases = parameters[start : start + shape.filters]
    for c in range(own.biases.shape[0]):
        own.biases[c] = biases[own.first + c]
        for i in range(shape.size):
            for j in range(shape.size):
                own.weights[i, j, c] = every[i, j, own.first + c]


@exact
def put_filters(shape: Shape, parameters: Floats, own: Filters) -> None:
    """Write a thread's own filters into the parameters, shape (parameters,)."""
    start = shape.biases[0]
    every = parameters[:start].reshape(shape.size, shape.size, shape.filters)
    biases = parameters[start : start + shape.filters]
    for c in range(own.biases.shape[0]):
        biases[own.first + c] = own.biases[c]
        for i in range(shape.size):
            for j in range(shape.size):
                every[i, j, own.first + c] = own.weights[i, j, c]


@exact
def forward_filters(
    shape: Shape, table: Floats, own: Filters, which: Indices, greys: Pixels, values: Floats
) -> None:
    """Compute the activations of a thread's own filters for one sample.

    Parameters
    ----------
    shape, table, which, greys
        See `pnncore.kernels.convolution.convolve`.
    own
        The thread's own filters.
    values
        All neurons' activations, shape (neurons,).
    """
    n = own.biases.shape[0]
    if n > 0:
        cells = own.cells.reshape(own.cells.size)
        winners = own.winners.reshape(own.winners.size)
        convolve(
            which,
            greys,
            table,
            own.weights,
            own.biases,
            shape.side,
            shape.pool,
            own.sums,
            cells,
            winners,
        )
        activate(shape.hidden, shape.alpha, cells, 0, cells.shape[0])
        every = layer_values(shape, values, 0).reshape(-1, shape.filters)
        for cell in range(every.shape[0]):
            for c in range(n):
                every[cell, own.first + c] = own.cells[cell, c]


@exact
def update_own_filters(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    own: Filters,
    which: Indices,
    greys: Pixels,
    deltas: Floats,
) -> None:
    """Update a thread's own filters by the gradient of one sample, and shrink them.

    Parameters
    ----------
    shape, rule
        Shape and learning rule of the network.
    scratch
        The thread's buffers, of which the elastic net's shrinkage is read.
    own
        The thread's own filters.
    which, greys
        Positions of the sample's pixels that are not zero, and their grey values, shape (listed,).
    deltas
        All neurons' errors, shape (neurons,).
    """
    n = own.biases.shape[0]
    if n > 0:
        every = layer_values(shape, deltas, 0).reshape(-1, shape.filters)
        for cell in range(every.shape[0]):
            for c in range(n):
                own.cells[cell, c] = every[cell, own.first + c]
        errors = own.cells.reshape(own.cells.size)
        winners = own.winners.reshape(own.winners.size)
        update_filters(
            which,
            greys,
            rule.table,
            winners,
            errors,
            rule.rate,
            own.weights,
            own.biases,
            shape.side,
            own.sums,
        )
        if scratch.pulls.shape[0] > 0:
            shrink, pull = scratch.shrinks[1], scratch.pulls[1]
            weights = own.weights.reshape(own.weights.size)
            shrink_weights(weights, shrink, pull, 0, weights.shape[0])
            if rule.pulls_biases:
                shrink_weights(own.biases, shrink, pull, 0, n)
