"""A run: train the networks of a specification, and test them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import msgspec
import numpy as np

from pnncore.arrays import Labels, Pixels
from pnncore.checkpoint import Checkpoint
from pnncore.data.dataset import Dataset, Split
from pnncore.network.architecture import Architecture
from pnncore.network.evaluation import Evaluator, accuracy, accuracy_in_parts, confidences
from pnncore.network.sgd import check_training
from pnncore.pool import Pool
from pnncore.strategies.contract import Snapshot, Strategy, Task
from pnncore.timing.environment import environment, peak_memory
from records.errors import InputError
from records.job import Job, Run

Progress = Callable[[str], None]

VERSION = 4
"""Version of the record's format."""


@dataclass(frozen=True)
class Testing:
    """Tests of networks after an epoch.

    Attributes
    ----------
    test
        Evaluator of the test samples.
    task
        Task on whose training samples the merged network is tested, too, or None.
    children
        Whether child networks are tested, too, on the test samples.
    """

    test: Evaluator
    task: Task[Any] | None
    children: bool


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
    if spec.dataset != dataset.name:
        raise InputError(
            f"dataset: the specification is for {spec.dataset!r}, the prepared data are {dataset.name!r}; "
            "use the same dataset in both"
        )
    strategy.check_workers(workers)
    check_training(spec.training)
    strategy.check(spec.network, spec.training)
    pixels, labels = _samples(dataset.train, spec.samples.train, "train")
    architecture = Architecture.from_settings(spec.network, pixels.shape[1], dataset.classes)
    task = Task(
        architecture=architecture,
        initialisation=spec.network.initialisation,
        pixels=pixels,
        labels=labels,
        training=spec.training,
        workers=workers,
        options=strategy.complete(spec.options),
        seed=seed,
        checkpoints=tuple(range(1, spec.training.epochs + 1)),
        pool=pool,
    )
    strategy.check_samples(task)
    return task


def train(
    strategy: Strategy,
    spec: Run,
    dataset: Dataset,
    pool: Pool,
    progress: Progress,
    checkpoint: Checkpoint | None = None,
) -> dict[str, Any]:
    """Train the networks of a specification, and test them.

    Parameters
    ----------
    strategy
        The strategy; the specification's ``strategy`` names it.
    spec
        The run.
    dataset
        The dataset to train and test on.
    pool
        The pool that runs parallel tasks.
    progress
        Receives a line after every epoch.
    checkpoint
        Checkpoint from which the run resumes and to which it saves, or None.

    Returns
    -------
    dict
        Run record: see docs/architecture.md. A run whose parameters, loss or outputs are no longer finite
        ends at that epoch, with status ``diverged``.
    """
    task = make_task(strategy, spec, spec.workers, spec.seed, dataset, pool)
    test = _samples(dataset.test, spec.samples.test, "test")
    tests = Testing(
        test=Evaluator.of(*test, task.training.inputs),
        task=task if spec.evaluate_training else None,
        children=spec.evaluate_children,
    )
    warm_up(strategy, task)
    rows: list[dict[str, Any]] = []
    seconds = {"train": 0.0, "evaluate": 0.0}
    saved = checkpoint.load() if checkpoint else None
    if saved:
        rows, seconds = saved.rows, saved.seconds
        task = replace(task, resume=saved.resume)
        progress(f"resuming after epoch {saved.resume.epoch}, where an earlier run was interrupted")
    diverged_at: int | None = None
    snapshots = strategy.train(task)
    # A diverging network overflows; this is detected and recorded, so NumPy's warnings are not needed.
    with np.errstate(over="ignore", invalid="ignore"):
        while True:
            started = perf_counter()
            snapshot = next(snapshots, None)
            seconds["train"] += perf_counter() - started
            if snapshot is None:
                break
            started = perf_counter()
            due = _is_due(snapshot.epoch, spec.evaluate_every, task.training.epochs)
            row = _row(snapshot, tests) if due else None
            seconds["evaluate"] += perf_counter() - started
            if not is_finite(snapshot) or (due and row is None):
                diverged_at = snapshot.epoch
                progress(f"epoch {snapshot.epoch}: diverged")
                break
            if row is not None:
                rows.append(row)
            progress(_line(snapshot, row, task.training.epochs))
            if checkpoint:
                checkpoint.offer(snapshot.epoch, rows, seconds, snapshot.state)
    return {
        "record": "run",
        "version": VERSION,
        "status": "completed" if diverged_at is None else "diverged",
        "diverged_at": diverged_at,
        "spec": msgspec.to_builtins(spec),
        "epochs": rows,
        "schedule": strategy.schedule(task).as_json(),
        "seconds": seconds,
        "memory_mb": peak_memory(),
        "environment": environment(pool.inner_threads()),
    }


def is_finite(snapshot: Snapshot) -> bool:
    """Return whether all parameters and the loss of a snapshot are finite."""
    networks = [*snapshot.children, *([snapshot.network] if snapshot.network else [])]
    loss = 0.0 if snapshot.loss is None else snapshot.loss
    return bool(np.isfinite(loss)) and all(np.isfinite(n.parameters).all() for n in networks)


def warm_up(strategy: Strategy, task: Task[Any], samples: int = 2) -> None:
    """Train on a few samples for an epoch, so that the loops are compiled before the clock runs.

    Parameters
    ----------
    strategy
        The strategy.
    task
        The task to warm up for.
    samples
        Number of samples; more if there are more workers.
    """
    few = min(len(task.labels), max(task.workers, samples, 2))
    small = replace(task, pixels=task.pixels[:few], labels=task.labels[:few], checkpoints=(1,))
    for _ in strategy.train(small):
        pass


def _samples(split: Split, first: int | None, name: str) -> tuple[Pixels, Labels]:
    """Return the first images of a split, shape (samples, pixels), and their labels."""
    if first is not None and first > len(split.labels):
        raise InputError(
            f"samples.{name}: expected at most {len(split.labels)}, the number of samples, got {first}; "
            "null takes all"
        )
    images = split.images[:first]
    return images.reshape(len(images), -1), split.labels[:first]


def _is_due(epoch: int, every: int, last: int) -> bool:
    return epoch % every == 0 or epoch == last


def _row(snapshot: Snapshot, tests: Testing) -> dict[str, Any] | None:
    """Return the row of a snapshot's tests; None if the merged network's outputs are not finite."""
    row: dict[str, Any] = {
        "epoch": snapshot.epoch,
        "loss": snapshot.loss,
        "test_accuracy": None,
        "train_accuracy": None,
        "confidence": None,
        "confidence_spread": None,
        "weight_magnitude": None,
    }
    if snapshot.network is not None:
        outputs = tests.test.outputs(snapshot.network)
        if not np.isfinite(outputs).all():
            return None
        row["test_accuracy"] = accuracy(outputs, tests.test.labels)
        row["confidence"] = confidences(outputs, tests.test.labels)
        row["confidence_spread"] = float(outputs.max(axis=1).std())
        row["weight_magnitude"] = float(np.abs(snapshot.network.parameters).mean())
        if tests.task is not None:
            row["train_accuracy"] = accuracy_in_parts(
                snapshot.network, tests.task.pixels, tests.task.labels, tests.task.training.inputs
            )
    tested = snapshot.children if tests.children else ()
    row["children"] = {"test_accuracy": [tests.test.accuracy(child) for child in tested]}
    row["facts"] = dict(snapshot.facts)
    return row


def _line(snapshot: Snapshot, row: Mapping[str, Any] | None, epochs: int) -> str:
    parts = [f"epoch {snapshot.epoch}/{epochs}"]
    if snapshot.loss is not None:
        parts.append(f"loss {snapshot.loss:.4f}")
    if row is not None and row["test_accuracy"] is not None:
        parts.append(f"test accuracy {row['test_accuracy']:.4f}")
    return "  ".join(parts)
