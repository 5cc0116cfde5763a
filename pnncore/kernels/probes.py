"""Kernels that do one thing only, to measure its cost."""

from __future__ import annotations

from pnncore.arrays import Floats, Indices, Labels
from pnncore.kernels.atomic import Cells
from pnncore.kernels.compiled import exact
from pnncore.kernels.forward import forward_sample
from pnncore.kernels.listed import Listed, listed_greys, listed_pixels
from pnncore.kernels.plan import Rule, Shape
from pnncore.kernels.rows import add_rows, update_rows
from pnncore.kernels.scratch import Scratch
from pnncore.kernels.subnormal import flush_subnormals, restore_mode
from pnncore.kernels.threads import wait


@exact
def meet(barrier: Cells, times: int) -> None:
    """Run one of the threads that meet at a barrier `times` times."""
    for _ in range(times):
        wait(barrier)


@exact
def exchange(
    barrier: Cells, own: Floats, other: Floats, step: int, times: int, sums: Floats
) -> None:
    """Run one of two threads that write their own array, then read the other's, one element in every `step`."""
    for turn in range(times):
        for j in range(0, own.shape[0], step):
            own[j] = turn
        wait(barrier)
        for j in range(0, other.shape[0], step):
            sums[0] += other[j]
        wait(barrier)


@exact
def visit_pixels(listed: Listed, table: Floats, weights: Floats, neuron: Floats) -> None:
    """Propagate every sample to one neuron, and update its weights as if it made no error.

    So little work per pixel shows what a worker spends on reading the pixels, whatever its number of neurons.

    Parameters
    ----------
    listed, table
        Lists of all samples' pixels, and the input of each grey value, shape (256,).
    weights
        Weights of the neuron, shape (pixels,).
    neuron
        Buffer of shape (1,).
    """
    one = table.dtype.type(1)
    for sample in range(listed.starts.shape[0] - 1):
        which, greys = listed_pixels(listed, sample), listed_greys(listed, sample)
        add_rows(neuron, weights, 1, which, greys, table, one)
        neuron[0] = 0
        update_rows(neuron, weights, 1, which, greys, table, one)


@exact
def forward_samples(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    parameters: Floats,
    listed: Listed,
    labels: Labels,
    order: Indices,
) -> float:
    """Propagate samples forward as `train_samples` does, without updates; return the sum of their losses."""
    mode = flush_subnormals()
    scratch.ages[:] = 0
    total = 0.0
    for start in range(0, order.shape[0], rule.batch):
        batch = order[start : start + rule.batch]
        for s in range(batch.shape[0]):
            total += forward_sample(
                shape, rule, scratch, parameters, listed, batch, labels[batch[s]], s, 0
            )
    restore_mode(mode)
    return total
