"""One run at a time in an edition's results: a lock that ends with the process that holds it, however that ends."""

from __future__ import annotations

import errno
import os
import sys
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from records.atomic import write_text
from records.errors import InputError

INCAPABLE = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What a disk answers that cannot lock files, as some in networks."""

_held: list[FileLock] = []


def hold(path: Path) -> None:
    """Take a lock, and hold it as long as this process lives.

    Snakemake's own lock is a file that a killed run leaves behind. This one is the system's, which releases it with the
    process. A disk that cannot lock is no reason not to run: that is said, and the run goes on.

    Parameters
    ----------
    path
        The file to lock. It stays, as does the one beside it that says who holds the lock.

    Raises
    ------
    InputError
        If another process holds it, or the file cannot be written.
    """
    holder = path.with_name(f"{path.name}-holder")
    # filelock's own way out, a file that is there or not, would stay behind a killed run.
    lock = FileLock(path, blocking=False, fallback_to_soft=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise InputError(
            f"{path.parent}: {_read(holder)} is at work here; wait until it has ended, or end it"
        ) from None
    except OSError as error:
        if error.errno not in INCAPABLE:
            raise InputError(
                f"{path} cannot be written: {error.strerror}; check the folder's permissions and the free space"
            ) from error
        print(
            f"{path.parent} is on a disk that cannot lock files: see to it that no other run is at work there",
            file=sys.stderr,
        )
    else:
        _held.append(lock)
        write_text(holder, f"process {os.getpid()}, since {datetime.now():%Y-%m-%d %H:%M:%S},")


def _read(holder: Path) -> str:
    try:
        return holder.read_text(encoding="utf-8")
    except OSError:
        return "another process"
