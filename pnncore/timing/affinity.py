"""Affinity: which processors a process runs on, core by core."""

from __future__ import annotations

import os
from pathlib import Path

from records.errors import InputError

TOPOLOGY = Path("/sys/devices/system/cpu")
"""Where Linux tells which processors are threads of one core."""


def is_supported() -> bool:
    """Whether this system confines processes, and tells which processors make up a core. macOS and Windows do not."""
    return hasattr(os, "sched_setaffinity") and (TOPOLOGY / "cpu0/topology").exists()


def processors() -> tuple[int, ...] | None:
    """Return the processors that the calling thread may run on; None where the system does not tell."""
    return tuple(sorted(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else None


def cores() -> list[tuple[int, ...]]:
    """Return the physical cores that the calling thread may run on, each as those of its processors that it may use.

    Raises
    ------
    InputError
        If the system does not tell.
    """
    usable = processors()
    if usable is None or not is_supported():
        raise InputError(
            "cores: this system does not confine a process to some of its cores; time on `host`, with all of them"
        )
    siblings: dict[str, list[int]] = {}
    for processor in usable:
        told = TOPOLOGY / f"cpu{processor}/topology/thread_siblings_list"
        siblings.setdefault(told.read_text(encoding="ascii"), []).append(processor)
    return [tuple(core) for core in siblings.values()]


def confine(count: int) -> None:
    """Confine the calling thread, and every thread and process that it starts from now on, to whole cores.

    Threads that are there already stay where they are: confine before any worker starts.

    Parameters
    ----------
    count
        How many physical cores; their hardware threads come with them.

    Raises
    ------
    InputError
        If there are fewer cores, or the system does not confine.
    """
    found = cores()
    if count > len(found):
        raise InputError(
            f"cores: there are {len(found)} physical cores to run on and not {count}; "
            f"take {len(found)} at most, or have the timing modelled"
        )
    os.sched_setaffinity(0, {processor for core in found[:count] for processor in core})


def release(before: tuple[int, ...] | None) -> None:
    """Let the calling thread, and those that it starts from now on, run where `processors` said that it might."""
    if before is not None:
        os.sched_setaffinity(0, before)
