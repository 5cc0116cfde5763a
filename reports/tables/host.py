"""The machine that made the report: its name in tables and on pages, and which numbers are its own."""

from __future__ import annotations

from typing import Final

HOST: Final = "host"
THIS_MACHINE: Final = "this machine"


def part_of_host(cores: int) -> str:
    """Name a number of cores of this machine.

    A run confined to as many cores as another machine has is not a run on that machine.

    Examples
    --------
    >>> part_of_host(2)
    '2 cores of this machine'
    """
    return f"{cores} core{'' if cores == 1 else 's'} of {THIS_MACHINE}"


def ran_on(source: str) -> str | None:
    """Return ``host`` for a measured number, on however many of its cores; None for any other source."""
    return HOST if source == "measured" else None
