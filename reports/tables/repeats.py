"""Repeats, grouped into timings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from records.errors import InputError
from reports.documents import Node
from reports.files import DELETE
from reports.tables.collections import Found, about_of, read_records
from reports.tables.runs import STATUSES, Subject, fingerprint, subject_of

MARKS: Final = ("clean", "noisy", "oversubscribed")
"""Marks of a repeat: noisy if other programs ran, oversubscribed if workers had to take turns."""

OURS: Final = "pnn-reproduction"
"""The package whose own version does not make repeats incomparable."""

SHARED: Final = ("cores", "hardware_threads", "jobs", "backend", "environment")
"""The keys whose values all repeats of a timing share."""


@dataclass(frozen=True)
class Repeat:
    """One repeat of a timing.

    Attributes
    ----------
    number
        The number of the repeat, from 1.
    seconds
        The measured time.
    mark
        One of `MARKS`.
    """

    number: int
    seconds: float
    mark: str


@dataclass(frozen=True)
class RepeatRecord:
    """The record of one repeat.

    Attributes
    ----------
    path
        The collection that holds the record.
    about
        The identity of the record, as a path that ends with the repeat.
    subject, hardware
        The timing that it repeats.
    status
        ``completed`` or ``diverged``.
    oversubscribed
        Whether more workers than hardware threads ran at once.
    repeat
        The measurement.
    content
        The whole record.
    """

    path: Path
    about: str
    subject: Subject
    hardware: str
    status: str
    oversubscribed: bool
    repeat: Repeat
    content: Mapping[str, Any]

    @property
    def timing(self) -> str:
        """Identity of the timing: that of the repeat, less its last part."""
        return self.about.rpartition("/")[0]


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
        The repeats, in the order of their numbers.
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


def read_timings(paths: Iterable[Path]) -> Found[TimingRecord]:
    """Read the repeats in collections, and group them into timings."""
    return timings_of(read_records(paths, "repeat", repeat_of))


def repeat_of(root: Node) -> RepeatRecord:
    """Read the record of a repeat.

    Raises
    ------
    InputError
        If a field is missing or invalid.
    """
    spec, measured = root["spec"], root["repeat"]
    for key in SHARED:
        root[key]  # raises if it is missing
    root["cores"].whole(1)
    fingerprint(root)
    return RepeatRecord(
        path=root.file,
        about=about_of(root, "repeat"),
        subject=subject_of(spec, spec["workers"].whole(1)),
        hardware=spec["hardware"].text(),
        status=root["status"].one_of(STATUSES),
        oversubscribed=root["jobs"].whole(1) > root["hardware_threads"].whole(1),
        repeat=Repeat(
            number=spec["repeat"].whole(1),
            seconds=measured["seconds"].number(0),
            mark=measured["mark"].one_of(MARKS),
        ),
        content=root.value,
    )


def timings_of(repeats: Found[RepeatRecord]) -> Found[TimingRecord]:
    """Group repeats into timings.

    A timing consists of the repeats that could be read. Repeats that are not comparable make no timing, and a copy of
    another repeat is ignored; both are failures.
    """
    groups: dict[str, list[RepeatRecord]] = {}
    for record in sorted(repeats.records, key=lambda record: record.repeat.number):
        groups.setdefault(record.timing, []).append(record)
    timings = []
    failures = dict(repeats.failures)
    for about in dict.fromkeys(record.timing for record in repeats.records):
        copies = _copies(groups[about])
        failures |= copies
        own = [record for record in groups[about] if record.about not in copies]
        try:
            timings.append(_timing(own))
        except InputError as error:
            failures[about] = str(error)
    return Found(tuple(timings), failures)


def _copies(records: list[RepeatRecord]) -> dict[str, str]:
    """Find copied repeats: no two measurements agree in every digit."""
    copies = {}
    for place, record in enumerate(records):
        for earlier in records[:place]:
            if record.content["repeat"] == earlier.content["repeat"]:
                copies[record.about] = str(
                    InputError(f"{record.path}: {record.about}: copy of {earlier.about}", DELETE)
                )
    return copies


def _timing(records: list[RepeatRecord]) -> TimingRecord:
    first = records[0]
    for record in records:
        _check_comparable(record, first)
    completed = all(record.status == "completed" for record in records)
    return TimingRecord(
        path=first.path.parent,
        subject=first.subject,
        status="completed" if completed else "diverged",
        hardware=first.hardware,
        cores=first.content["cores"],
        oversubscribed=first.oversubscribed,
        repeats=tuple(record.repeat for record in records),
        environment=first.content["environment"]["fingerprint"],
    )


def _check_comparable(record: RepeatRecord, first: RepeatRecord) -> None:
    theirs = _shared(first)
    for key, ours in _shared(record).items():
        if ours != theirs[key]:
            raise InputError(
                f"{record.path}: {key}: differs from {first.path}; these repeats are not comparable",
                f"delete the folder {record.path.parent} and run again",
            )


def _shared(record: RepeatRecord) -> dict[str, Any]:
    """Return the values that all repeats of a timing must share."""
    content = record.content
    spec = {key: value for key, value in content["spec"].items() if key != "repeat"}
    own = {key: content[key] for key in SHARED}
    return {"spec": spec, **own, "environment": _comparable(content["environment"])}


def _comparable(environment: Mapping[str, Any]) -> dict[str, Any]:
    """Return an environment without what reruns no repeat: this package's version, and Python's patch release."""
    packages = environment.get("packages")
    if not isinstance(packages, Mapping):
        return dict(environment)
    others = {name: number for name, number in packages.items() if name != OURS}
    python = str(environment.get("python")).split(".")[:2]
    return {**environment, "packages": others, "python": python, "fingerprint": None}
