"""Files that are dated in the future.

Snakemake fails every job that reads one and deletes the job's outputs, because they look older than their inputs. Such
files come from a clock that was set back, or from another machine.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path


def heal(folders: Iterable[Path]) -> int:
    """Set the dates of files dated in the future to now; return how many there were.

    Parameters
    ----------
    folders
        Folders to search, at any depth; they need not exist.
    """
    # One date for all files, so that no input looks newer than its output.
    now = time.time_ns()
    return sum(_heal(path, now) for folder in folders for path in folder.rglob("*"))


def _heal(path: Path, now: int) -> bool:
    try:
        if path.stat().st_mtime_ns <= now:
            return False
        os.utime(path, ns=(now, now))
    except OSError:  # deleted meanwhile, or another user's; Snakemake reports it if it matters
        return False
    return True
