"""The first layer: its weights are stored row by row, one row a pixel, so that rows of zero pixels are skipped."""

from __future__ import annotations

from pnncore.arrays import Floats, Indices, Real
from pnncore.kernels.compiled import exact
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
    part = sums[low:high]
    i = 0
    # Four rows at a time, so that the sums are loaded and stored a quarter as often.
    while i + 4 <= which.shape[0]:
        a, b = weights[which[i], low:high], weights[which[i + 1], low:high]
        c, d = weights[which[i + 2], low:high], weights[which[i + 3], low:high]
        xa, xb, xc, xd = inputs[i], inputs[i + 1], inputs[i + 2], inputs[i + 3]
        for j in range(part.shape[0]):
            part[j] = part[j] + xa * a[j] + xb * b[j] + xc * c[j] + xd * d[j]
        i += 4
    while i < which.shape[0]:
        a, xa = weights[which[i], low:high], inputs[i]
        for j in range(part.shape[0]):
            part[j] += xa * a[j]
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
    for i in range(which.shape[0]):
        row, scale = weights[which[i], low:high], step * inputs[i]
        for j in range(part.shape[0]):
            row[j] -= scale * part[j]


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
    i, stop = 0, start + weights.shape[1]
    for pixel in range(weights.shape[0]):
        row, end = weights[pixel], ends[pixel]
        while i + 4 <= end:
            a, b = deltas[samples[i], start:stop], deltas[samples[i + 1], start:stop]
            c, d = deltas[samples[i + 2], start:stop], deltas[samples[i + 3], start:stop]
            sa, sb, sc, sd = scales[i], scales[i + 1], scales[i + 2], scales[i + 3]
            for j in range(row.shape[0]):
                row[j] = row[j] - sa * a[j] - sb * b[j] - sc * c[j] - sd * d[j]
            i += 4
        while i < end:
            a, sa = deltas[samples[i], start:stop], scales[i]
            for j in range(row.shape[0]):
                row[j] -= sa * a[j]
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
