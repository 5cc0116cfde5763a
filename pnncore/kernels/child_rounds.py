"""An epoch of child networks that train on parts of their samples and are merged after each part."""

from __future__ import annotations

from typing import NamedTuple

from pnncore.arrays import Floats, Indices, Labels
from pnncore.kernels.apart import Terms, add_up
from pnncore.kernels.atomic import Cells
from pnncore.kernels.compiled import exact, inlined
from pnncore.kernels.descent import train_samples
from pnncore.kernels.listed import Listed
from pnncore.kernels.merging import copy
from pnncore.kernels.optimised import Rows, train_optimised
from pnncore.kernels.plan import Rule, Shape
from pnncore.kernels.scratch import Scratch
from pnncore.kernels.steps import Memory, Steps, take_step
from pnncore.kernels.threads import wait


class Common(NamedTuple):
    """Data shared by the threads of an epoch.

    Attributes
    ----------
    merged, memory
        Parameters of the merged network, shape (parameters,), and the mean of what the children's optimisers remember,
        shape (numbers,).
    children, memories
        Each child's parameters and what its optimiser remembers, one row each; shapes (children, parameters or more)
        and (children, numbers).
    distance
        Numbers from one array of an optimiser's memory to the next.
    networks, remembered
        The children's parameters and memories as terms of a sum.
    order, firsts
        Positions of the samples, those of the first child before those of the next; where each child's start in it,
        and the end, shape (children + 1,).
    part
        Updates of a child between two merges.
    parts
        Number of merges.
    factors
        Factors of the steps of each child's updates, shape (children, updates, 3); see `pnncore.kernels.steps.Steps`.
    optimised
        Whether children are trained by an optimiser's steps, not by plain gradient descent.
    outer, velocity
        Steps of the merged network along the children's mean change, one a merge, and what they remember; without
        steps, it is the mean itself.
    change
        Buffer for that change, shape (parameters,).
    threads, barrier
        Number of threads, and where they meet.
    losses
        Each child's loss so far, shape (children,).
    """

    merged: Floats
    memory: Floats
    children: Floats
    memories: Floats
    distance: int
    networks: Terms
    remembered: Terms
    order: Indices
    firsts: Indices
    part: int
    parts: int
    factors: Floats
    optimised: bool
    outer: Steps
    velocity: Memory
    change: Floats
    threads: int
    barrier: Cells
    losses: Floats


@exact
def train_and_merge(
    shape: Shape,
    rule: Rule,
    steps: Steps,
    scratch: Scratch,
    rows: Rows,
    sums: Floats,
    common: Common,
    listed: Listed,
    labels: Labels,
    rank: int,
) -> None:
    """Run one thread of an epoch: train its children on a part, wait, merge its part of the parameters, wait.

    Parameters
    ----------
    shape, rule
        Shape and learning rule of the networks.
    steps
        What is the same in all steps of the children's optimisers.
    scratch, rows, sums
        This thread's buffers, the last one of `pnncore.kernels.apart.PART` float64.
    common
        What the threads share.
    listed, labels
        Lists of all samples' pixels, and the samples' classes, shape (samples,).
    rank
        Number of the thread, from 0.
    """
    size, children = common.merged.shape[0], common.children.shape[0]
    for part in range(common.parts):
        for child in range(rank, children, common.threads):
            if part > 0:
                copy(common.merged, common.children[child][:size])
                copy(common.memory, common.memories[child])
            _train_part(shape, rule, steps, scratch, rows, common, listed, labels, child, part)
        wait(common.barrier)
        _merge_share(common, part, rank, sums)
        wait(common.barrier)


@inlined
def _train_part(
    shape: Shape,
    rule: Rule,
    steps: Steps,
    scratch: Scratch,
    rows: Rows,
    common: Common,
    listed: Listed,
    labels: Labels,
    child: int,
    part: int,
) -> None:
    """Train a child on a part of its samples, if it has that many."""
    size, update = common.merged.shape[0], part * common.part
    start = common.firsts[child] + update * rule.batch
    stop = min(start + common.part * rule.batch, common.firsts[child + 1])
    order, parameters = common.order[start:stop], common.children[child][:size]
    if start >= stop:
        loss = 0.0
    elif not common.optimised:
        loss = train_samples(shape, rule, scratch, parameters, listed, labels, order)
    else:
        own, distance = common.memories[child], common.distance
        memory = Memory(own[:distance][:size], own[distance:][:size])
        now = Steps(
            steps.kind,
            common.factors[child][update:],
            steps.decay,
            steps.square_decay,
            steps.epsilon,
            steps.least,
            steps.most,
        )
        loss = train_optimised(
            shape, rule, now, scratch, rows, memory, parameters, listed, labels, order
        )
    common.losses[child] += loss


@exact
def _merge_share(common: Common, part: int, rank: int, sums: Floats) -> None:
    """Merge a thread's share of the parameters and of the optimisers' memories."""
    children, size = common.children.shape[0], common.merged.shape[0]
    low, high = size * rank // common.threads, size * (rank + 1) // common.threads
    if common.outer.factors.shape[0] == 0:
        add_up(common.networks, children, common.merged, low, high, sums)
    else:
        change, merged = common.change, common.merged[low:high]
        add_up(common.networks, children, change, low, high, sums)
        own = change[low:high]
        for j in range(own.shape[0]):
            own[j] = merged[j] - own[j]
        take_step(common.outer, common.velocity, part, common.merged, change, low, high)
    size = common.memory.shape[0]
    low, high = size * rank // common.threads, size * (rank + 1) // common.threads
    add_up(common.remembered, children, common.memory, low, high, sums)
