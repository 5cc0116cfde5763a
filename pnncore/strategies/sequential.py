"""Sequential training of one network on all the data, the baseline of every paper."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from pnncore.strategies.child import train_child
from pnncore.strategies.contract import Snapshot, Strategy, Task
from records.schedule import Round, Schedule, training_flops
from records.settings import Options


def train(task: Task[Options]) -> Iterator[Snapshot]:
    """Train one network; yield it at each checkpoint."""
    network, done = task.start(), task.done
    if task.resume:
        task.resume.restore({"parameters": network.parameters})
    else:
        yield Snapshot(0, network, None)
    samples = np.arange(len(task.labels))
    for checkpoint in task.ahead:
        epochs = range(done + 1, checkpoint + 1)
        network, loss = train_child(
            network, task.pixels, task.labels, samples, task.training, task.seed, 0, epochs
        )
        done = checkpoint
        yield Snapshot(done, network, loss, state=partial(dict, parameters=network.parameters))


def schedule(task: Task[Options]) -> Schedule:
    """Return one task per epoch, without merges."""
    tasks = training_flops(task.architecture.flops_per_sample, [len(task.labels)])
    return Schedule((Round(times=task.training.epochs, tasks=tasks),))


STRATEGY = Strategy(
    name="sequential",
    summary="One network trains on all the data; the papers' baseline.",
    options=Options,
    train=train,
    schedule=schedule,
    most_workers=1,
)
