"""Sequential training of one network on all the data, the baseline of every paper."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from pnncore.strategies.child import restore, start_child, state_of, train_child
from pnncore.strategies.contract import Snapshot, Strategy, Task
from records.metric import Metric
from records.schedule import Round, Schedule, training_flops
from records.settings import Options
from records.strategy import Diagram, Presentation, Setup, wording


def train(task: Task[Options]) -> Iterator[Snapshot]:
    """Train one network; yield it at each checkpoint."""
    child, done = start_child(task), task.done
    if task.resume:
        restore([child], task.resume)
    else:
        yield Snapshot(0, child.network, None)
    samples = np.arange(len(task.labels))
    for checkpoint in task.ahead:
        epochs = range(done + 1, checkpoint + 1)
        child, trained = train_child(
            child,
            task.optimiser,
            task.listed,
            task.labels,
            samples,
            task.training,
            task.seed,
            0,
            epochs,
        )
        done = checkpoint
        yield Snapshot(
            done,
            child.network,
            trained.loss,
            metrics={"updates": trained.updates} if task.training.repeats > 1 else {},
            state=partial(state_of, [child]),
        )


def schedule(task: Task[Options]) -> Schedule:
    """Return one task per epoch, without merges."""
    tasks = training_flops(task.flops_per_sample, [len(task.labels)])
    return Schedule((Round(times=task.training.epochs, tasks=tasks),))


@wording
def diagram(options: Options, setup: Setup) -> Diagram:
    """Return the words of its diagram."""
    size = setup.training.batch_size
    batch = "sample" if size == 1 else f"batch of {size}"
    return Diagram(
        result="network",
        network=setup.layers,
        step="one update",
        worker="one thread",
        task="forward, back",
        share=batch,
        whole="training set",
        again=f"next {'sample' if size == 1 else 'batch'}",
        description=f"From bottom to top: one {batch}, its way through the network and back, and an update of the "
        "network, with which the next one begins.",
        alone=True,
    )


STRATEGY = Strategy(
    name="sequential",
    summary="One network trains on all the data; the papers' baseline.",
    options=Options,
    train=train,
    schedule=schedule,
    most_workers=1,
    repeats=True,
    optimises=True,
    presentation=Presentation(
        colour="one",
        diagram=diagram,
        metrics={
            "updates": Metric(
                label="updates on a sample",
                unit="",
                summary="How often the network learnt from a sample on average; with the setting `training.repeats`.",
            )
        },
    ),
)
