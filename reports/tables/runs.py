"""Read training runs, and what records of trainings have in common."""

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
"""How what was trained ended."""


@dataclass(frozen=True)
class Subject:
    """What a record is about: the factors that name it."""

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
        The collection it was read from.
    subject
        What was run.
    status
        ``completed`` or ``diverged``.
    epochs
        The metrics by epoch; a metric without a value at an epoch is left out there.
    diverged_at
        The epoch at which the run's numbers were no longer finite, or None.
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
    """Read collections of runs."""
    return read_records(paths, "run", run_of)


def run_of(root: Node) -> RunRecord:
    """Check the record of a run.

    Raises
    ------
    InputError
        If the record is not whole: the sentence names the file, the key and what would be right.
    """
    spec = root["spec"]
    subject = subject_of(spec, spec["workers"].whole(1))
    status = root["status"].one_of(STATUSES)
    epochs: dict[int, dict[str, float]] = {}
    for row in root["epochs"]:
        epoch = row["epoch"].whole()
        if epoch <= max(epochs, default=-1):
            row["epoch"].fail("larger than the epoch before it")
        epochs[epoch] = _metrics(row, subject.workers)
    _check_end(root, status, max(epochs, default=-1))
    diverged_at = root["diverged_at"].whole(1) if status == "diverged" else None
    if status == "completed" and root["diverged_at"].value is not None:
        root["diverged_at"].fail("null, since status is completed")
    return RunRecord(root.file, subject, status, epochs, diverged_at, fingerprint(root))


def fingerprint(root: Node) -> str:
    """Return the fingerprint of the machine and its software that made a record."""
    return root["environment"]["fingerprint"].text()


def subject_of(spec: Node, workers: int) -> Subject:
    """Return what a job's specification says that it is about, with so many workers."""
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
        # Outputs that are no probabilities, such as those of an identity, may lie anywhere.
        for reading in ("top", "true_class", "top_correct"):
            values[f"confidence_{reading}"] = _optional(confidence[reading])
    children = row["children"]["test_accuracy"]
    accuracies = [child.number(0, 1) for child in children]
    if accuracies:
        if len(accuracies) != workers:
            children.fail(f"a list of {workers}, one a worker")
        values["child_accuracy_mean"] = fmean(accuracies)
        values["child_accuracy_min"] = min(accuracies)
        values["child_accuracy_max"] = max(accuracies)
    facts = row["facts"]
    for fact in facts.names():
        if fact not in EPOCH_METRICS:
            facts.fail(f"a mapping with no other names than {', '.join(EPOCH_METRICS)}")
        values[fact] = facts[fact].number()
    return {metric: value for metric, value in values.items() if value is not None}


def _optional(node: Node, minimum: float = -inf, maximum: float = inf) -> float | None:
    return None if node.value is None else node.number(minimum, maximum)


def _check_end(root: Node, status: str, last: int) -> None:
    planned = root["spec"]["training"]["epochs"].whole(1)
    if status == "completed" and last != planned:
        root["epochs"].fail(f"a list that ends with epoch {planned}, as spec.training.epochs says")
