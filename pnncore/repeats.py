"""Repeats of a timing, each a process of its own, become one record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from pnncore.errors import PnncoreError
from pnncore.records import Record, read_record

VERSION = 4
"""Version of the form of a repeat's and of a timing's record."""

OURS = "pnn-reproduction"

SHARED = ("cores", "hardware_threads", "jobs", "backend", "environment")
"""What is the same for all repeats of a timing."""


def assemble(spec: Mapping[str, Any], paths: Sequence[Path]) -> dict[str, Any]:
    """Make one record of the repeats of a timing.

    Parameters
    ----------
    spec
        Timing specification: see docs/architecture.md.
    paths
        The repeats' records, as many as the specification says.

    Returns
    -------
    dict
        Timing record: see docs/architecture.md.

    Raises
    ------
    PnncoreError
        If a repeat is missing, a copy of another one, of another timing, or from another machine or other software than
        the first.
    """
    if len(paths) != spec["repeats"]:
        raise PnncoreError(
            f"--repeats: {len(paths)} are given; spec.repeats says {spec['repeats']}"
        )
    records = [read_record(path, "repeat", VERSION) for path in paths]
    for record in records:
        _check(record, spec, records[0])
    _check_copies(records)
    repeats = [record["repeat"] for record in records]
    times = [repeat["seconds"] for repeat in repeats]
    completed = all(record["status"] == "completed" for record in records)
    return {
        "record": "timing",
        "version": VERSION,
        "status": "completed" if completed else "diverged",
        "spec": dict(spec),
        "hardware": spec["hardware"],
        "source": "measured",
        **{key: records[0][key] for key in SHARED},
        "mark": overall([repeat["mark"] for repeat in repeats]),
        "repeats": repeats,
        "seconds": {"median": median(times), "min": min(times), "max": max(times)},
    }


def overall(marks: Sequence[str]) -> str:
    """Return the mark of a timing: noisy if most of its repeats are, else that of those that are not."""
    quiet = [mark for mark in marks if mark != "noisy"]
    return quiet[0] if 2 * len(quiet) >= len(marks) else "noisy"


def _check(record: Record, spec: Mapping[str, Any], first: Record) -> None:
    # How many repeats there are is no matter of a single one: another one more reruns none.
    own = {key: value for key, value in spec.items() if key != "repeats"}
    if record["spec"] != own:
        raise PnncoreError(
            f"{record.path}: spec: is of another timing; delete the file and run again"
        )
    for key in SHARED:
        if _comparable(record[key]) != _comparable(first[key]):
            raise PnncoreError(
                f"{record.path}: {key}: is not that of {first.path}, so the two cannot be compared; "
                f"delete the folder {record.path.parent} and run again"
            )


def _check_copies(records: Sequence[Record]) -> None:
    """Refuse a repeat in another's place, which would count twice: no two measurements are the same to a digit."""
    for place, record in enumerate(records):
        for earlier in records[:place]:
            if record["repeat"] == earlier["repeat"]:
                raise PnncoreError(
                    f"{record.path}: repeat: is that of {earlier.path}, copied; delete the file and run again"
                )


def _comparable(value: Any) -> Any:
    """Leave out of an environment what reruns no repeat: this package's version, and Python's patch release."""
    if not isinstance(value, Mapping) or "packages" not in value:
        return value
    packages = {name: number for name, number in value["packages"].items() if name != OURS}
    python = value["python"].split(".")[:2]
    return {**value, "packages": packages, "python": python, "fingerprint": None}
