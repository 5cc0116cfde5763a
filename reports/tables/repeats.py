"""Repeats, grouped into timings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from msgspec import structs

from records.environment import Environment
from records.errors import InputError
from records.kinds.repeat import NamedRepeatRecord
from records.record import DELETE
from reports.tables.collections import Found, Member, read_members
from reports.tables.runs import Subject, subject_of

OURS: Final = "pnn-reproduction"
"""The package whose own version does not make repeats incomparable."""


@dataclass(frozen=True)
class TimingRecord:
    """A timing: all its repeats.

    Attributes
    ----------
    path
        The folder of the collections that hold the repeats.
    subject
        The timed training.
    status
        ``completed``, or ``diverged`` if one repeat did.
    hardware
        ``host``, or the machine of a paper: the timing was then confined to as many cores as that machine has.
    cores
        Physical cores that the timing could use.
    oversubscribed
        Whether more workers than hardware threads ran at once.
    repeats
        The records of its repeats, in the order of their numbers.
    environment
        Fingerprint of the machine and its software.
    """

    path: Path
    subject: Subject
    status: str
    hardware: str
    cores: int
    oversubscribed: bool
    repeats: tuple[NamedRepeatRecord, ...]
    environment: str


def read_timings(paths: Iterable[str | Path]) -> Found[TimingRecord]:
    """Read the repeats in collections, and group them into timings."""
    return timings_of(read_members(paths, NamedRepeatRecord))


def timings_of(repeats: Found[Member[NamedRepeatRecord]]) -> Found[TimingRecord]:
    """Group repeats into timings.

    A timing consists of the repeats that could be read. Repeats that are not comparable make no timing, and a copy of
    another repeat is ignored; both are failures.
    """
    groups: dict[str, list[Member[NamedRepeatRecord]]] = {}
    for member in repeats.records:
        groups.setdefault(member.about.rpartition("/")[0], []).append(member)
    timings = []
    failures = dict(repeats.failures)
    for about, members in groups.items():
        members.sort(key=lambda member: member.record.spec.repeat)
        copies = _copies(members)
        failures |= copies
        own = [member for member in members if member.about not in copies]
        try:
            timings.append(_timing(own))
        except InputError as error:
            failures[about] = str(error)
    return Found(tuple(timings), failures)


def _copies(members: list[Member[NamedRepeatRecord]]) -> dict[str, str]:
    """Find copied repeats: no two measurements agree in every digit."""
    copies = {}
    for place, member in enumerate(members):
        for earlier in members[:place]:
            if member.record.repeat == earlier.record.repeat:
                fault = f"{member.path}: {member.about}: copy of {earlier.about}"
                copies[member.about] = str(InputError(fault, DELETE))
    return copies


def _timing(members: list[Member[NamedRepeatRecord]]) -> TimingRecord:
    first, record = members[0], members[0].record
    for member in members:
        _check_comparable(member, first)
    completed = all(member.record.status == "completed" for member in members)
    return TimingRecord(
        path=first.path.parent,
        subject=subject_of(record.spec, record.spec.workers),
        status="completed" if completed else "diverged",
        hardware=record.spec.hardware,
        cores=record.cores,
        oversubscribed=record.jobs > record.hardware_threads,
        repeats=tuple(member.record for member in members),
        environment=record.environment.fingerprint,
    )


def _check_comparable(member: Member[NamedRepeatRecord], first: Member[NamedRepeatRecord]) -> None:
    theirs = _shared(first.record)
    for key, ours in _shared(member.record).items():
        if ours != theirs[key]:
            raise InputError(
                f"{member.path}: {key}: differs from {first.path}; these repeats are not comparable",
                f"delete the folder {member.path.parent} and run again",
            )


def _shared(record: NamedRepeatRecord) -> dict[str, Any]:
    """Return the values that all repeats of a timing must share."""
    return {
        "spec": structs.replace(record.spec, repeat=1),
        **{key: getattr(record, key) for key in ("cores", "hardware_threads", "jobs", "backend")},
        "environment": _comparable(record.environment),
    }


def _comparable(environment: Environment) -> Environment:
    """Return an environment without what reruns no repeat: this package's version, and Python's patch release."""
    packages = {name: number for name, number in environment.packages.items() if name != OURS}
    python = ".".join(environment.python.split(".")[:2])
    return structs.replace(environment, packages=packages, python=python, fingerprint="")
