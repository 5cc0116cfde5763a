"""Gradient of a convolution's filters and biases for one image."""

from __future__ import annotations

from pnncore.arrays import Floats, Indices, Pixels, Real
from pnncore.kernels.compiled import exact
from pnncore.kernels.convolution import map_size
from pnncore.kernels.rows import add_rows


@exact
def update_filters(
    which: Indices,
    greys: Pixels,
    table: Floats,
    winners: Indices,
    deltas: Floats,
    step: Real,
    weights: Floats,
    biases: Floats,
    side: int,
    sums: Floats,
) -> None:
    """Subtract one image's gradient, times `step`, from filters and biases, or from any arrays of their shapes.

    Parameters
    ----------
    which, greys, table
        See `pnncore.kernels.convolution.convolve`.
    winners
        Written by `convolve` for this image.
    deltas
        Loss gradients with respect to the pooled sums, shape (pools × pools × filters,).
    step
        Learning rate; -1 adds the gradient itself.
    weights, biases
        Shapes (size, size, filters) and (filters,).
    side
        Side of the square image.
    sums
        Buffer made by `make_sums`; its previous content is ignored.
    """
    size, filters = weights.shape[0], weights.shape[2]
    places, taps = map_size(side, size, filters), size * size * filters
    errors, gradient = sums[:places], sums[places : places + taps]
    _scatter_errors(winners, deltas, errors)
    _correlate(which, greys, table, errors, side, filters, size, gradient)
    _subtract(step, gradient, weights.reshape(taps))
    _sum_by_filter(deltas, gradient[:filters])
    _subtract(step, gradient[:filters], biases)


@exact
def _scatter_errors(winners: Indices, deltas: Floats, errors: Floats) -> None:
    """Write the map of errors, which are zero except at the winners."""
    errors[:] = 0
    for k in range(winners.shape[0]):
        errors[winners[k]] = deltas[k]


@exact
def _correlate(
    which: Indices,
    greys: Pixels,
    table: Floats,
    errors: Floats,
    side: int,
    filters: int,
    size: int,
    gradient: Floats,
) -> None:
    """Write the filters' gradient, shape (size × size × filters,): the sum over pixels of input times error."""
    gradient[:] = 0
    one, width = errors.dtype.type(1), size * filters
    for i in range(size):
        # The errors that a pixel meets in this row of the filters are a run of the map, which starts so far before that
        # of pixel 0 as the pixel is behind it.
        first = (side * side - 1 + i * side) * filters
        row = gradient[i * width : (i + 1) * width]
        add_rows(row, errors[first:], -filters, which, greys, table, one)


@exact
def _sum_by_filter(deltas: Floats, totals: Floats) -> None:
    """Write each filter's sum of errors over all pools."""
    n = totals.shape[0]
    totals[:] = 0
    k = 0
    while k + 4 * n <= deltas.shape[0]:
        a, b = deltas[k : k + n], deltas[k + n : k + 2 * n]
        c, d = deltas[k + 2 * n : k + 3 * n], deltas[k + 3 * n : k + 4 * n]
        for t in range(n):
            totals[t] = totals[t] + a[t] + b[t] + c[t] + d[t]
        k += 4 * n
    while k < deltas.shape[0]:
        a = deltas[k : k + n]
        for t in range(n):
            totals[t] += a[t]
        k += n


@exact
def _subtract(step: Real, gradient: Floats, target: Floats) -> None:
    for k in range(gradient.shape[0]):
        target[k] -= step * gradient[k]
