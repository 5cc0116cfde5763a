"""Mini-batch gradient descent over samples in a given order, with an optimiser."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from pnncore.arrays import Floats, Indices, Labels, make_aligned
from pnncore.kernels.compiled import exact, inlined
from pnncore.kernels.descent import backward_layers, update_by_batch
from pnncore.kernels.forward import forward_sample
from pnncore.kernels.listed import Listed, listed_pixels
from pnncore.kernels.plan import Rule, Shape
from pnncore.kernels.prefetch import prefetch_pixels
from pnncore.kernels.scratch import Scratch
from pnncore.kernels.steps import Memory, Steps, pay_steps, take_step
from pnncore.kernels.subnormal import flush_subnormals, restore_mode


class Rows(NamedTuple):
    """Which rows of the first layer's weights, one a pixel, have a gradient.

    Attributes
    ----------
    gradient
        Sum of the samples' gradients, shape (parameters,); zero between two batches.
    listed
        The batch's rows, shape (pixels,).
    ages
        Number of steps that each row has taken, shape (pixels,).
    """

    gradient: Floats
    listed: Indices
    ages: Indices


def make_rows(shape: Shape, parameters: int, dtype: np.dtype[Any]) -> Rows:
    """Allocate the buffers; behind a convolution there are no rows."""
    pixels = 0 if shape.filters else int(shape.layers[0])
    gradient = make_aligned((parameters,), dtype)
    return Rows(gradient, np.empty(pixels, np.int64), np.empty(pixels, np.int64))


@exact
def train_optimised(
    shape: Shape,
    rule: Rule,
    steps: Steps,
    scratch: Scratch,
    rows: Rows,
    memory: Memory,
    parameters: Floats,
    listed: Listed,
    labels: Labels,
    order: Indices,
) -> float:
    """Train on samples in order; return the sum of their losses, each computed before its batch's update.

    Parameters
    ----------
    shape, rule
        Shape and learning rule of the network; its rate and elastic net are not used.
    steps
        The optimiser's steps, one an update.
    scratch
        Buffers for batches of ``min(rule.batch, len(order))`` samples.
    rows
        Buffers of `make_rows`.
    memory
        What the optimiser remembers; updated in place.
    parameters
        Parameters of the network, shape (parameters,); updated in place.
    listed, labels, order
        See `pnncore.kernels.descent.train_samples`.
    """
    mode = flush_subnormals()
    rows.ages[:] = 0
    total = 0.0
    update = 0
    dense = 0 if shape.filters > 0 else shape.biases[1]
    for start in range(0, order.shape[0], rule.batch):
        batch = order[start : start + rule.batch]
        size = batch.shape[0]
        count = _list_rows(shape, steps, rows, memory, parameters, listed, batch, update)
        for s in range(size):
            ahead = start + size + s
            if ahead < order.shape[0]:
                prefetch_pixels(listed, order[ahead])
            total += forward_sample(
                shape, rule, scratch, parameters, listed, batch, labels[batch[s]], s, 0
            )
        backward_layers(shape, rule, scratch, parameters, size)
        # Subtracted from zero, times a negative number: added up.
        share = rule.table.dtype.type(-1)
        if rule.mean:
            share /= rule.table.dtype.type(size)
        update_by_batch(shape, rule, scratch, rows.gradient, listed, batch, share)
        take_step(steps, memory, update, parameters, rows.gradient, dense, parameters.shape[0])
        width = shape.layers[1]
        for i in range(count):
            low = rows.listed[i] * width
            take_step(steps, memory, update, parameters, rows.gradient, low, low + width)
            rows.ages[rows.listed[i]] = update + 1
        update += 1
    width = shape.layers[1]
    for row in range(rows.ages.shape[0]):
        low = row * width
        pay_steps(steps, memory, rows.ages[row], update, parameters, low, low + width)
    restore_mode(mode)
    return total


@inlined
def _list_rows(
    shape: Shape,
    steps: Steps,
    rows: Rows,
    memory: Memory,
    parameters: Floats,
    listed: Listed,
    batch: Indices,
    update: int,
) -> int:
    """List the rows that have ink in a batch, pay the steps that they owe, and return how many they are.

    A listed row's age is -1 until its step is taken.
    """
    count = 0
    if shape.filters == 0:
        width = shape.layers[1]
        for s in range(batch.shape[0]):
            for pixel in listed_pixels(listed, batch[s]):
                age = rows.ages[pixel]
                if age >= 0:
                    low = np.int64(pixel) * width
                    pay_steps(steps, memory, age, update, parameters, low, low + width)
                    rows.listed[count], rows.ages[pixel] = pixel, -1
                    count += 1
    return count
