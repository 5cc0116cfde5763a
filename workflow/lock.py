"""One run at a time in an edition's results: a lock that ends with the process that holds it, however that ends."""

from __future__ import annotations

import fcntl
import os
from datetime import datetime
from pathlib import Path
from typing import IO

from pnncore.errors import PnncoreError


def hold(path: Path) -> IO[str]:
    """Take a lock, and hold it as long as the returned file is open.

    Snakemake's own lock is a file that a killed run leaves behind. This one is the system's, which releases it with the
    process.

    Parameters
    ----------
    path
        The file to lock; it says who holds the lock, and stays.

    Raises
    ------
    PnncoreError
        If another process holds it, or the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise PnncoreError(
            f"{path} cannot be written: {error.strerror}; check the folder's permissions and the free space"
        ) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read().strip() or "another process"
        file.close()
        raise PnncoreError(
            f"{path.parent}: {holder} is at work here; wait until it has ended, or end it"
        ) from None
    file.truncate(0)
    file.write(f"process {os.getpid()}, since {datetime.now():%Y-%m-%d %H:%M:%S},")
    file.flush()
    return file


def is_held(path: Path) -> bool:
    """Tell whether a process holds a lock."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # there is none
        return False
    return False
