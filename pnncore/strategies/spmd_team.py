"""Epochs of child networks that a team of threads trains and merges in compiled loops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from pnncore.arrays import Floats, Indices, copy_aligned, make_aligned
from pnncore.combining.contract import AlongMean
from pnncore.combining.registry import RULES
from pnncore.kernels.apart import PART, terms_of
from pnncore.kernels.child_rounds import Common, train_and_merge
from pnncore.kernels.optimised import make_rows
from pnncore.kernels.scratch import make_scratch
from pnncore.kernels.steps import Steps
from pnncore.kernels.threads import make_barrier
from pnncore.network.network import Network
from pnncore.network.sgd import make_rule
from pnncore.optimisers.formula import memory_of
from pnncore.optimisers.plain import OPTIMISER as PLAIN
from pnncore.optimisers.state import OptimiserState
from pnncore.strategies.child import Child, order_of
from pnncore.strategies.contract import Task
from pnncore.strategies.merger import Merger
from pnncore.strategies.spmd_epochs import Passed, in_parts, slices

LINE: Final = 32
"""Arrays side by side start at multiples of so many numbers, on cache lines of their own."""


def in_team(task: Task[Any]) -> bool:
    """Return whether a team trains the children of a task, who are merged within epochs.

    They are merged as they are, all of them, along their mean; all go on from the merged network; and none makes more
    updates than the first, whose number of updates since its memory was empty is that of all.
    """
    options = task.options
    as_they_are = (options.merged_at, options.biases, options.sent) == ("end", "merged", "float32")
    going_on = (options.after_merge, options.memories) == ("broadcast", "merged")
    all_of_them = not options.dropped and not options.late
    alike = options.batch == "child" and task.training.repeats == 1
    if not (in_parts(task) and as_they_are and going_on and all_of_them and alike):
        return False
    updates = _updates(task, slices(task, 1))
    return RULES.of(options.combine).along_mean is not None and max(updates) == updates[0]


def train_in_team(task: Task[Any], merger: Merger, children: Sequence[Child], epoch: int) -> Passed:
    """Train the children for an epoch, and merge them after each part of it and at its end."""
    training, shares = task.training, slices(task, epoch)
    orders = [
        order_of(samples, training, task.seed, worker, epoch)
        for worker, samples in enumerate(shares)
    ]
    updates = _updates(task, orders)
    merges = -(-updates[0] // task.options.every.updates)
    states = [child.state or PLAIN.start(training, child.network.parameters) for child in children]
    optimiser = task.optimiser or PLAIN
    steps = [
        optimiser.steps(training, state, made, made, merger.parameters.dtype)
        for state, made in zip(states, updates, strict=True)
    ]
    along = merger.along_mean(merges)
    common = _common(task, merger.parameters, children, states, orders, steps, along, merges)
    _work(task, steps[0], common, max(map(len, orders)))
    merger.take_over(common.merged, along.state, merges)

    size, network = len(common.merged), Network(task.architecture, common.merged)
    memory = common.memory.reshape(-1, common.distance)[:, :size]
    going_on = [replace(state, memory=copy_aligned(memory)) for state in states]
    for state, made, loss, order in zip(going_on, updates, common.losses, orders, strict=True):
        state.advance(training, made, made, float(loss), len(order))
        state.age = going_on[0].age
    losses = common.losses / [len(order) for order in orders]
    return Passed(
        [Child(network, state if task.optimiser else None) for state in going_on],
        network,
        tuple(Network(task.architecture, row[:size]) for row in common.children),
        float(np.mean(losses)),
    )


def _common(
    task: Task[Any],
    merged: Floats,
    children: Sequence[Child],
    states: Sequence[OptimiserState],
    orders: Sequence[Indices],
    steps: Sequence[Steps],
    along: AlongMean,
    merges: int,
) -> Common:
    """Return what the threads of an epoch share."""
    networks = _side_by_side([child.network.parameters[None] for child in children])
    memories = _side_by_side([state.memory for state in states])
    everyone, threads = np.ones(task.workers), min(task.workers, task.pool.jobs)
    factors = np.zeros((task.workers, len(steps[0].factors), 3), merged.dtype)
    for own, each in zip(factors, steps, strict=True):
        own[: len(each.factors)] = each.factors
    return Common(
        merged=copy_aligned(merged),
        memory=make_aligned(memories.shape[1:], memories.dtype),
        children=networks,
        memories=memories,
        distance=networks.shape[1],
        networks=terms_of([row[: len(merged)] for row in networks], everyone),
        remembered=terms_of(list(memories), everyone),
        order=np.concatenate(orders),
        firsts=np.cumsum([0, *map(len, orders)]),
        part=task.options.every.updates,
        parts=merges,
        factors=factors,
        optimised=task.optimiser is not None,
        outer=along.steps,
        velocity=memory_of(along.memory),
        change=make_aligned(merged.shape, merged.dtype),
        threads=threads,
        barrier=make_barrier(threads),
        losses=np.zeros(task.workers),
    )


def _work(task: Task[Any], steps: Steps, common: Common, samples: int) -> None:
    """Run the threads of an epoch, with buffers for children of up to so many samples."""
    dtype = common.merged.dtype
    shape, rule = task.architecture.shape(dtype), make_rule(task.training, task.architecture, dtype)
    task.pool.team(
        train_and_merge,
        [
            (
                shape,
                rule,
                steps,
                make_scratch(shape, rule, samples),
                make_rows(shape, len(common.merged), dtype),
                np.empty(PART),
                common,
                task.listed,
                task.labels,
                rank,
            )
            for rank in range(common.threads)
        ],
    )


def _side_by_side(arrays: Sequence[Floats]) -> Floats:
    """Return arrays of shape (rows, numbers) as a row each, in which their own rows start on cache lines."""
    rows, numbers = arrays[0].shape
    found = make_aligned((len(arrays), rows, -(-numbers // LINE) * LINE), arrays[0].dtype)
    for own, array in zip(found, arrays, strict=True):
        own[:, :numbers] = array
    return found.reshape(len(arrays), -1)


def _updates(task: Task[Any], shares: Sequence[Indices]) -> list[int]:
    """Return how many updates each child makes in an epoch."""
    return [-(-len(samples) // task.training.batch_size) for samples in shares]
