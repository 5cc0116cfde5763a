"""Repeats of timings: those of one timing together make a timing, or a sentence says why they do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from records.errors import InputError
from reports.documents import Node
from reports.tables.collections import AGAIN, Found, about_of, read_records
from reports.tables.runs import STATUSES, Subject, fingerprint, subject_of

MARKS: Final = ("clean", "noisy", "oversubscribed")
"""What a measurement is marked: noisy if other programs ran meanwhile, oversubscribed if workers had to take turns."""

OURS: Final = "pnn-reproduction"

SHARED: Final = ("cores", "hardware_threads", "jobs", "backend", "environment")
"""What is the same for all repeats of a timing."""


@dataclass(frozen=True)
class Repeat:
    """One repeat of a timing.

    Attributes
    ----------
    number
        Its number, from 1.
    seconds
        How long it took.
    mark
        One of `MARKS`.
    """

    number: int
    seconds: float
    mark: str


@dataclass(frozen=True)
class RepeatRecord:
    """The record of a repeat.

    Attributes
    ----------
    path
        The collection it was read from.
    about
        What it is about, as a path: its last part is the repeat.
    subject, hardware
        The timing that it is of.
    status
        ``completed`` or ``diverged``.
    oversubscribed
        Whether more workers than hardware threads ran at once.
    repeat
        What was measured.
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
        """What its timing is about."""
        return self.about.rpartition("/")[0]


@dataclass(frozen=True)
class TimingRecord:
    """The repeats of a timing.

    Attributes
    ----------
    path
        The folder of the collections that they were read from.
    subject
        What was timed.
    status
        ``completed``, or ``diverged`` if one of them did.
    hardware
        ``host``, or the published machine for which the timing was confined to as many cores as that has.
    cores
        Physical cores that it had.
    oversubscribed
        Whether more workers than hardware threads ran at once.
    repeats
        Its repeats, by their number.
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
    """Read collections of repeats, and put those of each timing together."""
    return timings_of(read_records(paths, "repeat", repeat_of))


def repeat_of(root: Node) -> RepeatRecord:
    """Check the record of a repeat.

    Raises
    ------
    InputError
        If the record is not whole: the sentence names the file, the key and what would be right.
    """
    spec, measured = root["spec"], root["repeat"]
    for key in SHARED:
        root[key]  # must be there
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
    """Put the repeats of each timing together.

    A timing is made of the repeats that there are. Those that cannot be compared make none, and a copy of another one
    counts for nothing; both are failures.
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
    """Find what would count twice: no two measurements are the same to a digit."""
    copies = {}
    for place, record in enumerate(records):
        for earlier in records[:place]:
            if record.content["repeat"] == earlier.content["repeat"]:
                copies[record.about] = str(
                    InputError(f"{record.path}: {record.about} is {earlier.about}, copied", AGAIN)
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
                f"{record.path}: {key} of {record.about} is not that of {first.path}, so the two cannot be compared",
                f"delete the folder {record.path.parent} and run again",
            )


def _shared(record: RepeatRecord) -> dict[str, Any]:
    """Return what must be the same for all repeats of a timing."""
    content = record.content
    spec = {key: value for key, value in content["spec"].items() if key != "repeat"}
    own = {key: content[key] for key in SHARED}
    return {"spec": spec, **own, "environment": _comparable(content["environment"])}


def _comparable(environment: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out of an environment what reruns no repeat: this package's version, and Python's patch release."""
    packages = environment.get("packages")
    if not isinstance(packages, Mapping):
        return dict(environment)
    others = {name: number for name, number in packages.items() if name != OURS}
    python = str(environment.get("python")).split(".")[:2]
    return {**environment, "packages": others, "python": python, "fingerprint": None}
