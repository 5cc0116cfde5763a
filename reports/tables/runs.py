"""Training runs, and the fields that all records of trainings share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from records.job import NamedCalibration, NamedCalibrationRepeat, NamedRepeat, NamedRun
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


def read_runs(paths: Iterable[str | Path]) -> Found[Member[NamedRunRecord]]:
    """Read the runs in collections; a record whose keys contradict each other counts as missing."""
    return read_records(paths, NamedRunRecord, _checked)


def _checked(member: Member[NamedRunRecord]) -> Member[NamedRunRecord]:
    last = -1
    for place, epoch in enumerate(member.record.epochs):
        if epoch.epoch <= last:
            member.fail(f"epochs[{place}].epoch", "expected an epoch after the one before it")
        _check_children(member, f"epochs[{place}]", epoch)
        last = epoch.epoch
    _check_end(member, last)
    return member


def subject_of(
    spec: NamedRun | NamedRepeat | NamedCalibration | NamedCalibrationRepeat, workers: int
) -> Subject:
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
