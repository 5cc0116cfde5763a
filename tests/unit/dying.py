"""Calls in which a process dies: apart from the tests, so that the process need not import all that they do."""

import os
import signal
from pathlib import Path

from records.errors import InputError

CALLS: list[int] = []


def die_if(told: bool) -> bool:
    if told:
        os.kill(os.getpid(), signal.SIGKILL)
    return told


def die_once(mark: Path) -> str:
    """Die if the file is not there; make it first."""
    if not mark.exists():
        mark.touch()
        die_if(True)
    return "lived"


def count() -> tuple[int, int]:
    """Return this process and how often it was called here."""
    CALLS.append(1)
    return os.getpid(), len(CALLS)


def mistake() -> None:
    raise InputError("network: is too small; make it larger")


def fault() -> None:
    raise ValueError("no such thing")
