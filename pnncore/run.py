"""A run: train the networks of a specification, and test them."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import numpy as np

from pnncore.checkpoint import Checkpoint
from pnncore.data.dataset import Dataset
from pnncore.data.splits import splits_of
from pnncore.metrics.contract import EvaluatedEpoch, Evaluation
from pnncore.metrics.registry import measure
from pnncore.network.evaluation import Evaluator
from pnncore.pool import Pool
from pnncore.strategies.contract import Snapshot, Strategy
from pnncore.task import Progress, is_finite, make_task, warm_up
from pnncore.timing.environment import environment, peak_memory
from records.job import Run
from records.kinds.run import Epoch, RunRecord, RunSeconds


def train(
    strategy: Strategy,
    spec: Run,
    dataset: Dataset,
    pool: Pool,
    progress: Progress,
    checkpoint: Checkpoint | None = None,
) -> RunRecord:
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
    RunRecord
        The record. A run whose parameters, loss or outputs are no longer finite
        ends at that epoch, with status ``diverged``.
    """
    task = make_task(strategy, spec, spec.workers, spec.seed, dataset, pool)
    _, test = splits_of(dataset, spec.samples, spec.seed)
    tests = Evaluation(
        samples=Evaluator.of(test.pixels, test.labels, task.training.inputs),
        training=task if spec.evaluate_training else None,
        children=spec.evaluate_children,
    )
    warm_up(strategy, task)
    # Tests have a clock of their own, which sees no compilation either.
    first = Evaluator.of(test.pixels[:1], test.labels[:1], task.training.inputs)
    first.accuracy(task.start())
    rows: list[Epoch] = []
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
            strategy.check_metrics(snapshot)
            due = _is_due(snapshot.epoch, spec.evaluate_every, task.training.epochs)
            finite = is_finite(snapshot)
            row = _row(snapshot, tests) if due and finite else None
            seconds["evaluate"] += perf_counter() - started
            if not finite or (due and row is None):
                diverged_at = snapshot.epoch
                progress(f"epoch {snapshot.epoch}: diverged")
                break
            if row is not None:
                rows.append(row)
            progress(_line(snapshot, row, task.training.epochs))
            if checkpoint:
                checkpoint.offer(snapshot.epoch, rows, seconds, snapshot.state)
    return RunRecord(
        status="completed" if diverged_at is None else "diverged",
        diverged_at=diverged_at,
        spec=spec,
        epochs=tuple(rows),
        schedule=strategy.schedule(task),
        seconds=RunSeconds(**seconds),
        memory_mb=peak_memory(),
        environment=environment(pool.inner_threads()),
    )


def _is_due(epoch: int, every: int, last: int) -> bool:
    return epoch % every == 0 or epoch == last


def _row(snapshot: Snapshot, tests: Evaluation) -> Epoch | None:
    """Return the tests of a snapshot; None if the merged network's outputs are not finite."""
    epoch = EvaluatedEpoch(snapshot, tests)
    if snapshot.network is not None and not np.isfinite(epoch.outputs).all():
        return None
    return Epoch(
        epoch=snapshot.epoch,
        metrics=measure(epoch),
        child_accuracies=epoch.child_accuracies,
    )


def _line(snapshot: Snapshot, row: Epoch | None, epochs: int) -> str:
    parts = [f"epoch {snapshot.epoch}/{epochs}"]
    if snapshot.loss is not None:
        parts.append(f"loss {snapshot.loss:.4f}")
    if row is not None and "test_accuracy" in row.metrics:
        parts.append(f"test accuracy {row.metrics['test_accuracy']:.4f}")
    return "  ".join(parts)
