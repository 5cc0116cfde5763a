"""Child networks on slices of the data, merged by averaging (Kalwarowskyj & Schikuta, Section 3; Ott, eq. 1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from pnncore.network import Network
from pnncore.schedule import Round, Schedule, training_flops
from pnncore.sgd import Training
from pnncore.slices import NAMES as SLICES
from pnncore.slices import deal
from pnncore.strategies.child import train_child
from pnncore.strategies.contract import Snapshot, Strategy, Task


def average(children: Sequence[Network]) -> Network:
    """Return the network whose weights and biases are the unweighted means of the child networks'.

    The sum runs in float64 and in the children's order, so that it does not depend on who finished first.
    """
    total = np.zeros_like(children[0].parameters, dtype=np.float64)
    for child in children:
        total += child.parameters
    mean = (total / len(children)).astype(children[0].parameters.dtype)
    return Network(children[0].architecture, mean)


def train(task: Task) -> Iterator[Snapshot]:
    """Train one child network a worker on its slice and merge them.

    A merge every epoch is either broadcast to the child networks, which go on from it (local SGD), or a shadow that
    is only tested while they go on alone. One merge at the end leaves no merged network at the checkpoints before.
    """
    merge, after = task.options["merge"], task.options["after_merge"]
    children = [
        task.start(w if task.options["start"] == "independent" else 0) for w in range(task.workers)
    ]
    yield Snapshot(0, average(children), None, tuple(children))

    last = task.checkpoints[-1]
    trainings = _child_training(task)
    for epochs in _segments(task):
        slices = _slices(task, epochs[0])
        trained = task.pool.map(
            train_child,
            [
                (child, task.pixels, task.labels, samples, training, task.seed, worker, epochs)
                for worker, (child, samples, training) in enumerate(
                    zip(children, slices, trainings, strict=True)
                )
            ],
        )
        children = [child for child, _ in trained]
        epoch = epochs[-1]
        merged = average(children) if merge == "epoch" or epoch == last else None
        if epoch in task.checkpoints:
            loss = float(np.mean([loss for _, loss in trained]))
            yield Snapshot(epoch, merged, loss, tuple(children))
        if merged is not None and after == "broadcast":
            children = [merged] * task.workers


def schedule(task: Task) -> Schedule:
    """State the parallel training between the child networks' meetings, and the merges."""
    parameters = task.architecture.n_parameters
    every_epoch = _meets_every_epoch(task)
    samples = [len(positions) for positions in _slices(task, 1)]
    epochs = 1 if every_epoch else task.training.epochs
    training = Round(
        times=task.training.epochs // epochs,
        tasks=training_flops(task.architecture.flops_per_sample, samples, epochs),
        barriers=1,
    )
    merge_once = task.options["merge"] == "once"
    ways = 1 if merge_once or task.options["after_merge"] == "shadow" else 2
    merge = Round(
        times=1,
        tasks=(),
        serial=parameters * (task.workers + 1),
        bytes_moved=ways * 4 * parameters * task.workers,
    )
    if merge_once:
        return Schedule((training, merge))
    return Schedule((replace(training, serial=merge.serial, bytes_moved=merge.bytes_moved),))


def _meets_every_epoch(task: Task) -> bool:
    return task.options["merge"] == "epoch" or task.options["slices"] == "redrawn"


def _segments(task: Task) -> Iterator[range]:
    """Yield the runs of epochs between the child networks' meetings; a checkpoint is one, too."""
    every_epoch = _meets_every_epoch(task)
    done = 0
    for stop in range(1, task.checkpoints[-1] + 1) if every_epoch else task.checkpoints:
        yield range(done + 1, stop + 1)
        done = stop


def _slices(task: Task, epoch: int) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    return deal(task.options["slices"], len(task.labels), task.workers, task.seed, epoch)


def _child_training(task: Task) -> list[Training]:
    """Return each child network's hyper-parameters; a shared batch is dealt out, at least a sample to each."""
    if task.options["batch"] == "child":
        return [task.training] * task.workers
    share, rest = divmod(task.training.batch_size, task.workers)
    sizes = [max(1, share + (worker < rest)) for worker in range(task.workers)]
    return [replace(task.training, batch_size=size) for size in sizes]


STRATEGY = Strategy(
    name="spmd",
    summary="Child networks train on slices of the data; weights and biases are averaged (Kalwarowskyj & Schikuta).",
    options={
        "merge": ("epoch", "once"),
        "after_merge": ("broadcast", "shadow"),
        "start": ("same", "independent"),
        "slices": SLICES,
        "batch": ("child", "shared"),
    },
    train=train,
    schedule=schedule,
)
