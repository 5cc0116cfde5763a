"""Modelled timings: predicted times of trainings on machines other than this one, and on this one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isclose
from pathlib import Path

from reports.documents import Node
from reports.pages.machine_numbers import Parameter, read_parameters
from reports.tables.collections import Found, read_records
from reports.tables.runs import Subject, fingerprint, subject_of

PARTS = ("compute", "wait", "merge", "dispatch")
"""The parts of a modelled time; their sum is all of it."""


@dataclass(frozen=True)
class Modelled:
    """A modelled time for one number of workers.

    Attributes
    ----------
    subject
        The modelled training.
    seconds
        The modelled time.
    parts
        The seconds of each of `PARTS`.
    oversubscribed
        Whether there are more workers than hardware threads.
    """

    subject: Subject
    seconds: float
    parts: dict[str, float]
    oversubscribed: bool


@dataclass(frozen=True)
class PredictionRecord:
    """The record of a variant's modelled times on one machine.

    Attributes
    ----------
    path
        The collection that holds the record.
    hardware
        The machine: the name of a profile, or ``host``.
    cores
        Physical cores of the machine.
    implementation
        The modelled program: the ``paper``'s own, or ``ours``.
    parameters
        The model's parameters; the first is the time of one worker.
    timings
        The modelled times, in order of the number of workers.
    environment
        Fingerprint of the machine and software that the model was calibrated on.
    """

    path: Path
    hardware: str
    cores: int
    implementation: str
    parameters: tuple[Parameter, ...]
    timings: tuple[Modelled, ...]
    environment: str


def read_predictions(paths: Iterable[Path]) -> Found[PredictionRecord]:
    """Read the modelled timings in collections."""
    return read_records(paths, "prediction", prediction_of)


def prediction_of(root: Node) -> PredictionRecord:
    """Read the record of a modelled timing.

    Raises
    ------
    InputError
        If a field is missing or invalid.
    """
    root["source"].one_of(("modelled",))
    spec = root["spec"]
    timings = tuple(_modelled(node, spec) for node in root["timings"])
    planned = [node.whole(1) for node in spec["workers"]]
    if [timing.subject.workers for timing in timings] != planned:
        root["timings"].fail(f"one timing for each of the workers {planned} in spec.workers")
    return PredictionRecord(
        path=root.file,
        hardware=root["hardware"].text(),
        cores=root["machine"]["cores"].whole(1),
        implementation=root["implementation"].one_of(("paper", "ours")),
        parameters=(_one_worker(root["one_worker"]), *read_parameters(root["parameters"])),
        timings=timings,
        environment=fingerprint(root),
    )


def _modelled(node: Node, spec: Node) -> Modelled:
    seconds = node["seconds"].number(0)
    parts = {part: node[part].number(0) for part in PARTS}
    if not isclose(sum(parts.values()), seconds, rel_tol=1e-6, abs_tol=1e-9):
        node["seconds"].fail(f"the sum of {', '.join(PARTS)}, {sum(parts.values()):g}")
    return Modelled(
        subject=subject_of(spec, node["workers"].whole(1)),
        seconds=seconds,
        parts=parts,
        oversubscribed=node["oversubscribed"].flag(),
    )


def _one_worker(node: Node) -> Parameter:
    origin = node["origin"].one_of(("published", "calibrated"))
    where = f" ({node['where'].text()})" if origin == "published" else ""
    seconds = node["seconds"].number(0)
    return Parameter("one_worker", seconds, "s", origin, f"time of one worker{where}")
