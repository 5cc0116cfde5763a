"""Commands whose time and peak memory are measured from outside."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

# A process's peak includes its parent's memory when it was started, so a small process starts the command.
WATCH = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


class Watched(NamedTuple):
    """Seconds and peak memory of a command, and what it wrote to standard output."""

    seconds: float
    megabytes: float
    output: str


def is_supported() -> bool:
    """Return whether this system reports the peak memory of a process."""
    return find_spec("resource") is not None


def watch(
    command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None
) -> Watched:
    """Run a command to its end.

    Raises
    ------
    RuntimeError
        If it fails, with what it wrote to standard error.
    """
    started = perf_counter()
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", WATCH, *command],
        capture_output=True,
        text=True,
        env=dict(environment),
        cwd=folder,
    )
    seconds = perf_counter() - started
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    output, _, peak = ran.stdout.rstrip("\n").rpartition("\n")
    # Linux counts in units of 1,024 bytes, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return Watched(seconds, int(peak) * unit / 1e6, output)
