"""Training runs, and the fields that all records of trainings share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from pathlib import Path
from statistics import fmean

from reports.documents import Node
from reports.tables.collections import Found, read_records
from reports.tables.metrics import EPOCH_METRICS

STATUSES = ("completed", "diverged")
"""How a training may end."""


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
class RunRecord:
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


def read_runs(paths: Iterable[Path]) -> Found[RunRecord]:
    """Read the runs in collections."""
    return read_records(paths, "run", run_of)


def run_of(root: Node) -> RunRecord:
    """Read the record of a run.

    Raises
    ------
    InputError
        If a field is missing or invalid.
    """
    spec = root["spec"]
    subject = subject_of(spec, spec["workers"].whole(1))
    status = root["status"].one_of(STATUSES)
    epochs: dict[int, dict[str, float]] = {}
    for row in root["epochs"]:
        epoch = row["epoch"].whole()
        if epoch <= max(epochs, default=-1):
            row["epoch"].fail("an epoch after the one before it")
        epochs[epoch] = _metrics(row, subject.workers)
    _check_end(root, status, max(epochs, default=-1))
    diverged_at = root["diverged_at"].whole(1) if status == "diverged" else None
    if status == "completed" and root["diverged_at"].value is not None:
        root["diverged_at"].fail("null in a completed run")
    return RunRecord(root.file, subject, status, epochs, diverged_at, fingerprint(root))


def fingerprint(root: Node) -> str:
    """Return the fingerprint of the machine and software that made a record."""
    return root["environment"]["fingerprint"].text()


def subject_of(spec: Node, workers: int) -> Subject:
    """Return the training that a job's specification names, with a number of workers."""
    return Subject(
        paper=spec["paper"].text(),
        experiment=spec["experiment"].text(),
        variant=spec["variant"].text(),
        strategy=spec["strategy"].text(),
        dataset=spec["dataset"].text(),
        workers=workers,
        seed=spec["seed"].whole(),
    )


def _metrics(row: Node, workers: int) -> dict[str, float]:
    confidence = row["confidence"]
    values = {
        "test_accuracy": _optional(row["test_accuracy"], 0, 1),
        "train_accuracy": _optional(row["train_accuracy"], 0, 1),
        "loss": _optional(row["loss"], 0),
        "confidence_spread": _optional(row["confidence_spread"]),
        "weight_magnitude": _optional(row["weight_magnitude"], 0),
    }
    if confidence.value is not None:
        # Outputs that are not probabilities, such as those of an identity activation, are not bounded.
        for reading in ("top", "true_class", "top_correct"):
            values[f"confidence_{reading}"] = _optional(confidence[reading])
    children = row["children"]["test_accuracy"]
    accuracies = [child.number(0, 1) for child in children]
    if accuracies:
        if len(accuracies) != workers:
            children.fail(f"a list of {workers} numbers, one per worker")
        values["child_accuracy_mean"] = fmean(accuracies)
        values["child_accuracy_min"] = min(accuracies)
        values["child_accuracy_max"] = max(accuracies)
    facts = row["facts"]
    for fact in facts.names():
        if fact not in EPOCH_METRICS:
            facts.fail(f"an object whose keys are among {', '.join(EPOCH_METRICS)}")
        values[fact] = facts[fact].number()
    return {metric: value for metric, value in values.items() if value is not None}


def _optional(node: Node, minimum: float = -inf, maximum: float = inf) -> float | None:
    return None if node.value is None else node.number(minimum, maximum)


def _check_end(root: Node, status: str, last: int) -> None:
    planned = root["spec"]["training"]["epochs"].whole(1)
    if status == "completed" and last != planned:
        root["epochs"].fail(
            f"a list that ends with epoch {planned}, the value of spec.training.epochs"
        )
