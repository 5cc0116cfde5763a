"""Kernels that do one thing only, to measure its cost."""

from __future__ import annotations

from pnncore.arrays import Floats, Indices, Labels, Pixels
from pnncore.kernels.atomic import Cells
from pnncore.kernels.compiled import exact
from pnncore.kernels.forward import forward_sample
from pnncore.kernels.pixels import list_inputs
from pnncore.kernels.plan import Rule, Shape
from pnncore.kernels.scratch import Scratch
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
def list_samples(pixels: Pixels, table: Floats, which: Indices, inputs: Floats) -> int:
    """List the non-zero pixels of every sample; return their number."""
    count = 0
    for i in range(pixels.shape[0]):
        count += list_inputs(pixels[i], table, which, inputs)
    return count


@exact
def forward_samples(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    parameters: Floats,
    pixels: Pixels,
    labels: Labels,
) -> float:
    """Propagate every sample forward and store the outputs' errors, without updates; return the sum of the losses."""
    scratch.ages[:] = 0
    total = 0.0
    for i in range(pixels.shape[0]):
        s = i % scratch.values.shape[0]
        total += forward_sample(shape, rule, scratch, parameters, pixels[i], labels[i], s, 0)
    return total
