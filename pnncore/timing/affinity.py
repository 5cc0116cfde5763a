"""CPU affinity: confine a process to some of the physical cores."""

from __future__ import annotations

import os
from pathlib import Path

from records.errors import InputError

TOPOLOGY = Path("/sys/devices/system/cpu")
"""Folder in which Linux lists the logical CPUs of each core."""


def is_supported() -> bool:
    """Return whether this system can confine a process and reports its cores. macOS and Windows do not."""
    return hasattr(os, "sched_setaffinity") and (TOPOLOGY / "cpu0/topology").exists()


def processors() -> tuple[int, ...] | None:
    """Return the logical CPUs that the calling thread may run on, or None if unknown."""
    return tuple(sorted(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else None


def cores() -> list[tuple[int, ...]]:
    """Return the physical cores that the calling thread may run on, each core as the tuple of its usable logical CPUs.

    Raises
    ------
    InputError
        If the system does not report them.
    """
    usable = processors()
    if usable is None or not is_supported():
        raise InputError(
            "cores: this system cannot confine a process to some of its cores; time on `host`, with all of them"
        )
    siblings: dict[str, list[int]] = {}
    for processor in usable:
        path = TOPOLOGY / f"cpu{processor}/topology/thread_siblings_list"
        siblings.setdefault(path.read_text(encoding="ascii"), []).append(processor)
    return [tuple(core) for core in siblings.values()]


def confine(count: int) -> None:
    """Confine the calling thread, and every thread and process that it starts afterwards, to whole cores.

    Existing threads are not affected, so call this before any worker starts.

    Parameters
    ----------
    count
        Number of physical cores; all their hardware threads are used.

    Raises
    ------
    InputError
        If there are fewer cores, or the system cannot confine a process.
    """
    found = cores()
    if count > len(found):
        raise InputError(
            f"cores: expected at most {len(found)}, the physical cores that may be used, got {count}; "
            "take fewer, or have the timing modelled"
        )
    os.sched_setaffinity(0, {processor for core in found[:count] for processor in core})


def release(before: tuple[int, ...] | None) -> None:
    """Restore the affinity that `processors` returned, for the calling thread and those that it starts afterwards."""
    if before is not None:
        os.sched_setaffinity(0, before)
