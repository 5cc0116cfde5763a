"""The machine that a report was made on: its name in tables, and what the pages call it."""

from __future__ import annotations

from typing import Final

HOST: Final = "host"
THIS_MACHINE: Final = "this machine"


def part_of_host(cores: int) -> str:
    """Name so many cores of this machine.

    A run confined to as many cores as another machine has is still no run on that machine.

    Examples
    --------
    >>> part_of_host(2)
    '2 cores of this machine'
    """
    return f"{cores} core{'' if cores == 1 else 's'} of {THIS_MACHINE}"
