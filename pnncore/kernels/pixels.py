"""The first layer: its weights are stored row by row, one row a pixel, so that rows of zero pixels are skipped."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats, Indices, Real
from pnncore.kernels.compiled import exact, inlined
from pnncore.kernels.listed import Listed


@exact
def add_rows(
    weights: Floats, which: Indices, inputs: Floats, sums: Floats, low: int, high: int
) -> None:
    """Add the listed inputs, times their weights, to the sums of neurons `low` to `high`.

    Parameters
    ----------
    weights
        Shape (pixels, neurons).
    which, inputs
        The listed pixels, shape (listed,), and their inputs, shape (listed or more,).
    sums
        Shape (neurons,).
    """
    flat, part = weights.reshape(weights.size), sums[low:high]
    size, first = np.uintp(weights.shape[1]), np.uintp(low)
    i = 0
    # Eight rows at a time, so that the sums are loaded and stored an eighth as often.
    while i + 8 <= which.shape[0]:
        a, b = _start(which, i, size, first), _start(which, i + 1, size, first)
        c, d = _start(which, i + 2, size, first), _start(which, i + 3, size, first)
        e, f = _start(which, i + 4, size, first), _start(which, i + 5, size, first)
        g, h = _start(which, i + 6, size, first), _start(which, i + 7, size, first)
        xa, xb, xc, xd = inputs[i], inputs[i + 1], inputs[i + 2], inputs[i + 3]
        xe, xf, xg, xh = inputs[i + 4], inputs[i + 5], inputs[i + 6], inputs[i + 7]
        for j in range(np.uintp(part.shape[0])):
            total = part[j] + xa * flat[a + j] + xb * flat[b + j] + xc * flat[c + j]
            total = total + xd * flat[d + j] + xe * flat[e + j] + xf * flat[f + j]
            part[j] = total + xg * flat[g + j] + xh * flat[h + j]
        i += 8
    while i < which.shape[0]:
        a, xa = _start(which, i, size, first), inputs[i]
        for j in range(np.uintp(part.shape[0])):
            part[j] += xa * flat[a + j]
        i += 1


@exact
def update_rows(
    weights: Floats, which: Indices, inputs: Floats, delta: Floats, step: Real, low: int, high: int
) -> None:
    """Subtract one sample's gradient, times `step`, from the weights of neurons `low` to `high`.

    Parameters
    ----------
    weights
        Shape (pixels, neurons).
    which, inputs
        The listed pixels, shape (listed,), and their inputs, shape (listed or more,).
    delta
        Errors, shape (neurons,).
    step
        Learning rate.
    """
    part = delta[low:high]
    i = 0
    # Two rows at a time, so that the errors are loaded half as often.
    while i + 2 <= which.shape[0]:
        a, b = weights[which[i], low:high], weights[which[i + 1], low:high]
        sa, sb = step * inputs[i], step * inputs[i + 1]
        for j in range(part.shape[0]):
            a[j] -= sa * part[j]
            b[j] -= sb * part[j]
        i += 2
    if i < which.shape[0]:
        a, sa = weights[which[i], low:high], step * inputs[i]
        for j in range(part.shape[0]):
            a[j] -= sa * part[j]


@exact
def update_rows_by_batch(
    weights: Floats,
    listed: Listed,
    batch: Indices,
    table: Floats,
    deltas: Floats,
    start: int,
    step: Real,
    ends: Indices,
    samples: Indices,
    scales: Floats,
) -> None:
    """Subtract a batch's gradient, times `step`, from the weights: pixel by pixel, so that a row is loaded once.

    Parameters
    ----------
    weights
        Shape (pixels, neurons).
    listed, batch
        Lists of all samples' pixels, and the positions of the batch's samples.
    table
        Input of each grey value, shape (256,).
    deltas, start
        The batch's rows of errors, and the start of these neurons' errors in a row.
    step
        Learning rate, divided by the number of samples if the gradient is their mean.
    ends, samples, scales
        Buffers of shapes (pixels + 1,), (samples × pixels,) and (samples × pixels,).
    """
    _sort_by_pixel(listed, batch, table, step, ends, samples, scales)
    flat, size, first = deltas.reshape(deltas.size), np.uintp(deltas.shape[1]), np.uintp(start)
    i = 0
    for pixel in range(weights.shape[0]):
        row, end = weights[pixel], ends[pixel]
        # Eight samples at a time, so that the row is loaded and stored an eighth as often.
        while i + 8 <= end:
            a, b = _start(samples, i, size, first), _start(samples, i + 1, size, first)
            c, d = _start(samples, i + 2, size, first), _start(samples, i + 3, size, first)
            e, f = _start(samples, i + 4, size, first), _start(samples, i + 5, size, first)
            g, h = _start(samples, i + 6, size, first), _start(samples, i + 7, size, first)
            sa, sb, sc, sd = scales[i], scales[i + 1], scales[i + 2], scales[i + 3]
            se, sf, sg, sh = scales[i + 4], scales[i + 5], scales[i + 6], scales[i + 7]
            for j in range(np.uintp(row.shape[0])):
                left = row[j] - sa * flat[a + j] - sb * flat[b + j] - sc * flat[c + j]
                left = left - sd * flat[d + j] - se * flat[e + j] - sf * flat[f + j]
                row[j] = left - sg * flat[g + j] - sh * flat[h + j]
            i += 8
        if i + 4 <= end:
            a, b = _start(samples, i, size, first), _start(samples, i + 1, size, first)
            c, d = _start(samples, i + 2, size, first), _start(samples, i + 3, size, first)
            sa, sb, sc, sd = scales[i], scales[i + 1], scales[i + 2], scales[i + 3]
            for j in range(np.uintp(row.shape[0])):
                left = row[j] - sa * flat[a + j] - sb * flat[b + j] - sc * flat[c + j]
                row[j] = left - sd * flat[d + j]
            i += 4
        while i < end:
            a, sa = _start(samples, i, size, first), scales[i]
            for j in range(np.uintp(row.shape[0])):
                row[j] -= sa * flat[a + j]
            i += 1


@exact
def _sort_by_pixel(
    listed: Listed,
    batch: Indices,
    table: Floats,
    step: Real,
    ends: Indices,
    samples: Indices,
    scales: Floats,
) -> None:
    """List, for each pixel, the samples that list it and their step times input; `ends` holds the ends of the lists."""
    ends[:] = 0
    for s in range(batch.shape[0]):
        for i in range(listed.starts[batch[s]], listed.starts[batch[s] + 1]):
            ends[listed.which[i] + 1] += 1
    for pixel in range(ends.shape[0] - 1):
        ends[pixel + 1] += ends[pixel]
    for s in range(batch.shape[0]):
        for i in range(listed.starts[batch[s]], listed.starts[batch[s] + 1]):
            place = ends[listed.which[i]]
            samples[place] = s
            scales[place] = step * table[listed.greys[i]]
            ends[listed.which[i]] = place + 1


@inlined
def _start(which: Indices, i: int, size: np.uintp, low: np.uintp) -> np.uintp:
    """Return the position of element `low` of the i-th listed row, in flat rows of `size` elements.

    Views of rows would do, but many at once cost time. The compiler knows that unsigned positions are not negative.
    """
    return np.uintp(which[i]) * size + low
