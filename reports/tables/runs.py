"""Training runs, and the fields that all records of trainings share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from records.job import NamedCalibration, NamedRepeat, NamedRun
from records.kinds.run import Epoch, NamedRunRecord
from reports.tables.collections import Found, Member, read_records


@dataclass(frozen=True)
class Subject:
    """The factors that identify a training."""

    paper: str
    experiment: str
    variant: str
    strategy: str
    dataset: str
    workers: int
    seed: int


@dataclass(frozen=True)
class Run:
    """The record of a training run.

    Attributes
    ----------
    path
        The collection that holds the record.
    subject
        The training.
    status
        ``completed`` or ``diverged``.
    epochs
        The metrics by epoch, without those that have no value there.
    diverged_at
        The epoch at which the run's numbers stopped being finite; None for a completed run.
    environment
        Fingerprint of the machine and its software.
    """

    path: Path
    subject: Subject
    status: str
    epochs: dict[int, dict[str, float]]
    diverged_at: int | None
    environment: str


def read_runs(paths: Iterable[str | Path]) -> Found[Run]:
    """Read the runs in collections."""
    return read_records(paths, NamedRunRecord, run_of)


def run_of(member: Member[NamedRunRecord]) -> Run:
    """Return what is wanted of the record of a run.

    Raises
    ------
    InputError
        If keys contradict each other.
    """
    record = member.record
    epochs: dict[int, dict[str, float]] = {}
    for place, epoch in enumerate(record.epochs):
        if epoch.epoch <= max(epochs, default=-1):
            member.fail(f"epochs[{place}].epoch", "expected an epoch after the one before it")
        _check_children(member, f"epochs[{place}]", epoch)
        epochs[epoch.epoch] = epoch.metrics
    _check_end(member, max(epochs, default=-1))
    return Run(
        path=member.path,
        subject=subject_of(record.spec, record.spec.workers),
        status=record.status,
        epochs=epochs,
        diverged_at=record.diverged_at,
        environment=record.environment.fingerprint,
    )


def subject_of(spec: NamedRun | NamedRepeat | NamedCalibration, workers: int) -> Subject:
    """Return the training that a job's specification names, with a number of workers."""
    return Subject(
        paper=spec.paper,
        experiment=spec.experiment,
        variant=spec.variant,
        strategy=spec.strategy,
        dataset=spec.dataset,
        workers=workers,
        seed=spec.seed,
    )


def _check_children(member: Member[NamedRunRecord], key: str, epoch: Epoch) -> None:
    workers = member.record.spec.workers
    if len(epoch.child_accuracies) not in (0, workers):
        fault = f"expected a list of {workers} numbers, one per worker"
        member.fail(f"{key}.child_accuracies", fault)


def _check_end(member: Member[NamedRunRecord], last: int) -> None:
    record, planned = member.record, member.record.spec.training.epochs
    completed = record.status == "completed"
    if completed and last != planned:
        fault = f"expected a list that ends with epoch {planned}, the value of spec.training.epochs"
        member.fail("epochs", fault)
    if completed != (record.diverged_at is None):
        member.fail("diverged_at", "expected the epoch of a diverged run, and else null")
