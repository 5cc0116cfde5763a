"""Modelled timings: predicted times of trainings on machines other than this one, and on this one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isclose
from pathlib import Path

from msgspec import structs

from records.job import NamedCalibration
from records.kinds.prediction import ModelledTime, OneWorkerTime, PredictionRecord
from reports.tables.collections import Found, Member, read_records
from reports.tables.runs import Subject, subject_of

PARTS = ("compute", "wait", "merge", "dispatch")
"""The parts of a modelled time; their sum is all of it."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a model.

    Attributes
    ----------
    name
        The name of the parameter.
    value
        The value.
    unit
        The unit.
    origin
        ``fitted`` to published speed-ups, ``calibrated`` on the machine that made the report, or a documented
        ``default``.
    meaning
        What the parameter means, in words.
    """

    name: str
    value: float
    unit: str
    origin: str
    meaning: str


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
class Prediction:
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


def read_predictions(paths: Iterable[Path]) -> Found[Prediction]:
    """Read the modelled timings in collections."""
    return read_records(paths, PredictionRecord, prediction_of)


def prediction_of(member: Member[PredictionRecord]) -> Prediction:
    """Return what is wanted of the record of a modelled timing.

    Raises
    ------
    InputError
        If keys contradict each other.
    """
    record = member.record
    if tuple(time.workers for time in record.timings) != record.spec.workers:
        member.fail("timings", "expected one for each of the workers in spec.workers")
    for place, time in enumerate(record.timings):
        whole = sum(_parts(time).values())
        if not isclose(whole, time.seconds, rel_tol=1e-6, abs_tol=1e-9):
            fault = f"expected {whole:g}, the sum of {', '.join(PARTS)}"
            member.fail(f"timings[{place}].seconds", fault)
    return Prediction(
        path=member.path,
        hardware=record.hardware,
        cores=record.machine.cores,
        implementation=record.implementation,
        parameters=(
            _one_worker(record.one_worker),
            *(Parameter(name, **structs.asdict(each)) for name, each in record.parameters.items()),
        ),
        timings=tuple(_modelled(time, record.spec) for time in record.timings),
        environment=record.environment.fingerprint,
    )


def _modelled(time: ModelledTime, spec: NamedCalibration) -> Modelled:
    return Modelled(subject_of(spec, time.workers), time.seconds, _parts(time), time.oversubscribed)


def _parts(time: ModelledTime) -> dict[str, float]:
    return {part: getattr(time, part) for part in PARTS}


def _one_worker(time: OneWorkerTime) -> Parameter:
    where = f" ({time.where})" if time.where else ""
    return Parameter("one_worker", time.seconds, "s", time.origin, f"time of one worker{where}")
