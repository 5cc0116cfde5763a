"""Read records, and refuse those that were cut short, edited by hand or put in another's place."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from math import inf
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from reports.documents import Node
from reports.errors import ReportError
from reports.metrics import EPOCH_METRICS

VERSIONS = {
    "run": 4,
    "timing": 4,
    "calibration": 3,
    "prediction": 3,
    "model": 3,
    "property": 2,
    "gallery": 2,
    "dataset": 2,
}
"""The version of each kind of record that is read; one of another is made again."""

PLACES: Final = {
    "run": "runs/{spec.paper}/{spec.experiment}/{spec.variant}/w{spec.workers}/seed{spec.seed}.json",
    "timing": "timings/{spec.paper}/{spec.experiment}/{spec.variant}/w{spec.workers}/{hardware}.json",
    "calibration": "calibrations/{spec.paper}/{spec.experiment}/{spec.variant}.json",
    "prediction": "timings/{spec.paper}/{spec.experiment}/{spec.variant}/{hardware}.json",
    "model": "models/{paper}.json",
    "property": "properties/{property}.json",
    "gallery": "gallery/{dataset}.json",
    "dataset": "datasets/{name}/dataset.json",
}
"""Where the record of each kind lies below a folder, such as an edition's results: it has the keys in braces."""

KEY: Final = re.compile(r"\{([\w.]+)\}")
"""A key of a record, with the way to it, in its place."""

CHECKSUM: Final = "sha256"
"""The key of a record that holds the checksum of all its others."""

OF_RECORDS: Final = ("record", "version", CHECKSUM)
"""Keys that every record has."""

AGAIN: Final = "delete the file and run again"
"""What helps with a record that is not the one that was written there."""

MARKS = ("clean", "noisy", "oversubscribed")
"""What a measurement is marked: noisy if other programs ran meanwhile, oversubscribed if workers had to take turns."""


SHARES = ("forward", "backward", "other")
"""What the work of a training pass consists of."""


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
        The file it was read from.
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


@dataclass(frozen=True)
class Repeat:
    """One repeat of a timing.

    Attributes
    ----------
    seconds
        How long it took.
    mark
        One of `MARKS`.
    """

    seconds: float
    mark: str


@dataclass(frozen=True)
class TimingRecord:
    """The record of a timing.

    Attributes
    ----------
    path
        The file it was read from.
    subject
        What was timed.
    status
        ``completed`` or ``diverged``.
    hardware
        ``host``, or the published machine for which the timing was confined to as many cores as that has.
    cores
        Physical cores that it had.
    oversubscribed
        Whether more workers than hardware threads ran at once.
    repeats
        Its repeats.
    environment
        Fingerprint of the machine and its software.
    """

    path: Path
    subject: Subject
    status: str
    hardware: str
    cores: int
    oversubscribed: bool
    repeats: tuple[Repeat, ...]
    environment: str


@dataclass(frozen=True)
class ProfileRecord:
    """What one thread spends a timed variant's work on, from the record of its calibration.

    Attributes
    ----------
    path
        The file it was read from.
    subject
        What was calibrated, with one worker.
    cores
        Physical cores of the host.
    shares
        Shares of the work by `SHARES`.
    environment
        Fingerprint of the machine and its software.
    """

    path: Path
    subject: Subject
    cores: int
    shares: dict[str, float]
    environment: str


def read_run(path: Path) -> RunRecord:
    """Read and check a run record.

    Raises
    ------
    ReportError
        If the record is not whole: the sentence names the file, the key and what would be right.
    """
    root = open_record(path, "run")
    spec = root["spec"]
    subject = subject_of(spec, spec["workers"].whole(1))
    status = root["status"].one_of(("completed", "diverged"))
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
    return RunRecord(path, subject, status, epochs, diverged_at, fingerprint(root))


def read_timing(path: Path) -> TimingRecord:
    """Read and check a timing record.

    Raises
    ------
    ReportError
        If the record is not whole: the sentence names the file, the key and what would be right.
    """
    root = open_record(path, "timing")
    spec = root["spec"]
    subject = subject_of(spec, spec["workers"].whole(1))
    hardware = root["hardware"].text()
    status = root["status"].one_of(("completed", "diverged"))
    root["source"].one_of(("measured",))
    repeats = tuple(
        Repeat(repeat["seconds"].number(0), repeat["mark"].one_of(MARKS))
        for repeat in root["repeats"]
    )
    planned = spec["repeats"].whole(1)
    if status == "completed" and len(repeats) != planned:
        root["repeats"].fail(f"a list of {planned}, as spec.repeats says")
    return TimingRecord(
        path=path,
        subject=subject,
        status=status,
        hardware=hardware,
        cores=root["cores"].whole(1),
        oversubscribed=root["jobs"].whole(1) > root["hardware_threads"].whole(1),
        repeats=repeats,
        environment=fingerprint(root),
    )


def read_profile(path: Path) -> ProfileRecord:
    """Read and check the profile in the record of a variant's calibration.

    Raises
    ------
    ReportError
        If the record is not whole: the sentence names the file, the key and what would be right.
    """
    root = open_record(path, "calibration")
    shares = {share: root["profile"][share].number(0, 1) for share in SHARES}
    return ProfileRecord(
        path=path,
        subject=subject_of(root["spec"], 1),
        cores=root["machine"]["cores"].whole(1),
        shares=shares,
        environment=fingerprint(root),
    )


def read_facts(path: Path) -> dict[str, Any]:
    """Read the facts of a prepared dataset.

    Raises
    ------
    ReportError
        If the record is not whole.
    """
    root = open_record(path, "dataset")
    return {name: value for name, value in root.value.items() if name not in OF_RECORDS}


def open_record(path: Path, kind: str) -> Node:
    """Read a record of a kind: in the version that is read here, as it was written, and where it belongs.

    Raises
    ------
    ReportError
        If it is not.
    """
    root = Node.read(path)
    if root["record"].value != kind:
        root["record"].fail(f"{kind}, since a {kind} record is asked for")
    if root["version"].value != VERSIONS[kind]:
        root["version"].fail(str(VERSIONS[kind]), AGAIN)
    if not _is_sealed(root):
        raise ReportError(f"{path}: {CHECKSUM} is not that of the rest, which was edited", AGAIN)
    _check_place(root, PLACES[kind])
    return root


def damaged(paths: Iterable[Path]) -> dict[str, str]:
    """Say of each file that is no record as it was written there what is wrong with it.

    Parameters
    ----------
    paths
        Records, of whatever kind.
    """
    found = {}
    for path in paths:
        try:
            open_record(path, Node.read(path)["record"].one_of(tuple(VERSIONS)))
        except ReportError as error:
            found[path.as_posix()] = str(error)
    return found


def checksum(record: Mapping[str, Any]) -> str:
    """Return what a record's own checksum must be: see docs/architecture.md."""
    content = {key: value for key, value in record.items() if key != CHECKSUM}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


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


def _is_sealed(root: Node) -> bool:
    try:
        return bool(root[CHECKSUM].value == checksum(root.value))
    except RecursionError:  # nested deeper than any record that was written
        return False


def _check_place(root: Node, pattern: str) -> None:
    """Refuse the record of another job: where records lie, the path says what a record is about."""
    if not any(root.file.match(KEY.sub("*", other)) for other in PLACES.values()):
        return
    place = KEY.sub(lambda key: str(_at(root, key[1]).value), pattern)
    parts = Path(place).parts
    if root.file.parts[-len(parts) :] != parts:
        about = KEY.findall(pattern)[0].partition(".")[0]
        raise ReportError(f"{root.file}: {about} is that of {place}", AGAIN)


def _at(root: Node, key: str) -> Node:
    return reduce(Node.__getitem__, key.split("."), root)


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
