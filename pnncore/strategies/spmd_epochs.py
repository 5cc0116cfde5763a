"""Epochs of child networks on slices of the data: their training and their merges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from msgspec import structs

from pnncore.arrays import Indices
from pnncore.data.slices import slices_of
from pnncore.network.network import Network
from pnncore.strategies.additions import train_and_add
from pnncore.strategies.child import Child, order_of, train_child, train_in_order
from pnncore.strategies.contract import Task
from pnncore.strategies.merger import Merger, kept_apart
from records.combining import Updates
from records.settings import Training


class Passed(NamedTuple):
    """What epochs have made: children that go on, the merged network or None, those that it is of, and a loss."""

    children: list[Child]
    merged: Network | None
    tested: tuple[Network, ...]
    loss: float


def train_whole(
    task: Task[Any], merger: Merger, children: Sequence[Child], epochs: range
) -> Passed:
    """Train the children for epochs, and merge them if it is time."""
    shares, epoch = slices(task, epochs[0]), epochs[-1]
    merges = epoch % period(task) == 0 or epoch == task.checkpoints[-1]
    trained = _train_children(
        task,
        [
            (
                child,
                task.optimiser,
                task.listed,
                task.labels,
                samples,
                training,
                task.seed,
                worker,
                epochs,
            )
            for worker, (child, samples, training) in enumerate(
                zip(children, shares, child_training(task), strict=True)
            )
        ],
        merges,
    )
    passed = [child for child, _, _ in trained]
    tested = tuple(child.network for child in passed)
    loss = float(np.mean([loss for _, loss, _ in trained]))
    if not merges:
        return Passed(passed, None, tested, loss)
    brought = [added for _, _, added in trained]
    merged, going_on = merger.merge(brought, [len(each) for each in shares], passed)
    broadcast = task.options.after_merge == "broadcast"
    return Passed(going_on if broadcast else passed, merged, tested, loss)


def train_in_parts(
    task: Task[Any], merger: Merger, children: Sequence[Child], epoch: int
) -> Passed:
    """Train the children for an epoch, and merge them after each part of it and at its end."""
    trainings, shares = child_training(task), slices(task, epoch)
    orders = [
        order_of(samples, training, task.seed, worker, epoch)
        for worker, (samples, training) in enumerate(zip(shares, trainings, strict=True))
    ]
    passed, totals = list(children), np.zeros(task.workers)
    merged, tested = None, tuple(child.network for child in passed)
    for parts in _parts(task, orders, trainings):
        working = [worker for worker, part in enumerate(parts) if len(part)]
        trained = task.pool.map(
            train_in_order,
            [
                (
                    passed[worker],
                    task.optimiser,
                    task.listed,
                    task.labels,
                    [parts[worker]],
                    trainings[worker],
                    -(-len(shares[worker]) // trainings[worker].batch_size),
                )
                for worker in working
            ],
        )
        for worker, (child, found) in zip(working, trained, strict=True):
            passed[worker] = child
            totals[worker] += found.loss * len(parts[worker])
        tested = tuple(child.network for child in passed)
        merged, going_on = merger.merge(tested, [len(part) for part in parts], passed)
        if task.options.after_merge == "broadcast":
            passed = going_on
    losses = totals / [len(samples) for samples in shares]
    return Passed(passed, merged, tested, float(np.mean(losses)))


def _parts(
    task: Task[Any], orders: Sequence[Indices], trainings: Sequence[Training]
) -> Iterator[list[Indices]]:
    """Yield what each child trains on between two merges; in the last parts of an epoch that may be nothing."""
    for starts, stops in parts(task, [len(order) for order in orders], trainings):
        yield [order[i:j] for order, i, j in zip(orders, starts, stops, strict=True)]


def parts(
    task: Task[Any], samples: Sequence[int], trainings: Sequence[Training]
) -> Iterator[tuple[Indices, Indices]]:
    """Yield where each child's part of an epoch starts and ends in its order, merge by merge.

    Parameters
    ----------
    task
        The task; its option `every` is a number of updates.
    samples, trainings
        Number of samples and hyper-parameters of each child.
    """
    ends = np.array(samples)
    sizes = np.array([task.options.every.updates * each.batch_size for each in trainings])
    for part in range(int((-(-ends // sizes)).max())):
        yield np.minimum(part * sizes, ends), np.minimum((part + 1) * sizes, ends)


def in_parts(task: Task[Any]) -> bool:
    """Return whether children are merged within epochs, after some updates."""
    return task.options.merge == "epoch" and isinstance(task.options.every, Updates)


def _train_children(
    task: Task[Any], arguments: Sequence[tuple[Any, ...]], merges: bool
) -> list[tuple[Child, float, Network]]:
    """Return each child, its loss, and what it adds to the merge, if there is one."""
    if merges and task.options.merged_at == "multiples":
        every = (len(task.labels) - kept_apart(task)) // task.workers
        return task.pool.map(train_and_add, [(*each, every) for each in arguments])
    return [
        (child, trained.loss, child.network)
        for child, trained in task.pool.map(train_child, arguments)
    ]


def period(task: Task[Any]) -> int:
    """Return the number of epochs between merges; 1 if there are several in each."""
    if task.options.merge == "once":
        return task.training.epochs
    every: int | Updates = task.options.every
    return 1 if isinstance(every, Updates) else every


def slices(task: Task[Any], epoch: int) -> list[Indices]:
    """Return the positions of each child's samples in an epoch, which `redrawn` slices change in each."""
    there = task.labels[: len(task.labels) - kept_apart(task)]
    return slices_of(task.options.slices, there, task.workers, task.seed, epoch)


def child_training(task: Task[Any]) -> list[Training]:
    """Return each child network's hyper-parameters; a shared batch is divided, with at least one sample each."""
    if task.options.batch == "child":
        return [task.training] * task.workers
    share, rest = divmod(task.training.batch_size, task.workers)
    sizes = [max(1, share + (worker < rest)) for worker in range(task.workers)]
    return [structs.replace(task.training, batch_size=size) for size in sizes]
