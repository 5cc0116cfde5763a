"""Tasks of specifications: a strategy's task on a dataset, and its warm-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from msgspec import structs

from pnncore.arrays import Labels
from pnncore.data.dataset import Dataset
from pnncore.data.splits import splits_of
from pnncore.network.architecture import Architecture
from pnncore.network.sgd import check_training
from pnncore.optimisers.contract import Optimiser
from pnncore.optimisers.registry import OPTIMISERS
from pnncore.pool import Pool
from pnncore.randomness import stream
from pnncore.strategies.contract import Snapshot, Strategy, Task
from records.errors import InputError
from records.job import Job
from records.settings import Training

Progress = Callable[[str], None]


def make_task(
    strategy: Strategy, spec: Job, workers: int, seed: int, dataset: Dataset, pool: Pool
) -> Task[Any]:
    """Make the task of a run specification.

    Parameters
    ----------
    strategy
        The strategy; the specification's ``strategy`` names it.
    spec
        What to train.
    workers, seed
        Number of workers; seed of all random streams.
    dataset
        The dataset; the specification's ``dataset`` names it.
    pool
        The pool that runs parallel tasks.

    Returns
    -------
    Task
        The task, with a checkpoint after every epoch.

    Raises
    ------
    InputError
        If the specification is for another dataset, or the strategy does not support its workers or options.
    """
    task = assemble_task(strategy, spec, workers, seed, dataset, pool)
    strategy.check_samples(task)
    _check_batches(task)
    return task


def assemble_task(
    strategy: Strategy, spec: Job, workers: int, seed: int, dataset: Dataset, pool: Pool
) -> Task[Any]:
    """Make a task as `make_task` does, on however few samples.

    Parameters
    ----------
    strategy, spec, workers, seed, dataset, pool
        See `make_task`.

    Returns
    -------
    Task
        The task.

    Raises
    ------
    InputError
        As `make_task` does, but for samples.
    """
    if spec.dataset != dataset.name:
        raise InputError(
            f"dataset: the specification is for {spec.dataset!r}, the prepared data are {dataset.name!r}; "
            "use the same dataset in both"
        )
    strategy.check_workers(workers)
    check_training(spec.training)
    strategy.check(spec.network, spec.training)
    train, _ = splits_of(dataset, spec.samples, seed)
    labels = train.labels
    if spec.samples.train_labels == "shuffled":
        labels = shuffled(labels, seed)
    pixels = train.pixels
    architecture = Architecture.from_settings(spec.network, pixels.shape[1], dataset.classes)
    training = _scaled(spec.training, workers)
    return Task(
        architecture=architecture,
        initialisation=spec.network.initialisation,
        pixels=pixels,
        labels=labels,
        training=training,
        workers=workers,
        options=strategy.complete(spec.options),
        seed=seed,
        checkpoints=tuple(range(1, spec.training.epochs + 1)),
        pool=pool,
        optimiser=optimiser_of(training),
    )


def _scaled(training: Training, workers: int) -> Training:
    """Return hyper-parameters with the rate of all workers together, where it is given for one."""
    if training.optimiser is None or not training.optimiser.by_worker:
        return training
    return structs.replace(training, learning_rate=training.learning_rate * workers)


def optimiser_of(training: Training) -> Optimiser | None:
    """Return the optimiser of hyper-parameters; None for gradient descent at a constant rate."""
    return None if training.optimiser is None else OPTIMISERS.of(training.optimiser)


def _check_batches(task: Task[Any]) -> None:
    """Refuse batches of some samples where an optimiser needs all of them.

    Raises
    ------
    InputError
        If a worker's share does not fit into a batch.
    """
    share = -(-len(task.labels) // task.workers)
    if task.optimiser and task.optimiser.whole_batches and task.training.batch_size < share:
        raise InputError(
            f"training.batch_size: {task.optimiser.name} needs all of a worker's samples in a batch; set it to {share} "
            f"or more, not {task.training.batch_size}"
        )


def warm_up(strategy: Strategy, task: Task[Any], samples: int = 2) -> None:
    """Train on a few samples for an epoch, so that the loops are compiled before the clock runs.

    Parameters
    ----------
    strategy
        The strategy.
    task
        The task to warm up for.
    samples
        Number of samples; more if there are more workers, or the strategy needs more.
    """
    few = min(len(task.labels), max(task.workers, samples, 2) + strategy.least_samples(task) - 1)
    small = replace(task, pixels=task.pixels[:few], labels=task.labels[:few], checkpoints=(1,))
    for _ in strategy.train(small):
        pass


def shuffled(labels: Labels, seed: int) -> Labels:
    """Return the labels in a random order, read-only as those of a split; each class stays as frequent as it was.

    Parameters
    ----------
    labels
        Classes, shape (samples,).
    seed
        Seed of the run.
    """
    dealt = stream(seed, "label").permutation(labels)
    dealt.setflags(write=False)
    return dealt


def is_finite(snapshot: Snapshot) -> bool:
    """Return whether all parameters and the loss of a snapshot are finite."""
    networks = [*snapshot.children, *([snapshot.network] if snapshot.network else [])]
    loss = 0.0 if snapshot.loss is None else snapshot.loss
    return bool(np.isfinite(loss)) and all(np.isfinite(n.parameters).all() for n in networks)
