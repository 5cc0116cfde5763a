"""A lock on an edition's results, which the system releases when its process ends."""

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
"""Errors of file systems that cannot lock files, such as some network file systems."""

_held: list[FileLock] = []


def hold(path: Path) -> None:
    """Take a lock and hold it until this process ends.

    Snakemake's own lock is a file, which a killed run leaves behind. On a file system that cannot lock, a warning is
    printed and the run continues.

    Parameters
    ----------
    path
        The file to lock. It is not removed, nor is the file beside it that names the holder.

    Raises
    ------
    InputError
        If another process holds it, or the file cannot be written.
    """
    holder = path.with_name(f"{path.name}-holder")
    # filelock's fallback, a marker file, would outlive a killed run.
    lock = FileLock(path, blocking=False, fallback_to_soft=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise InputError(
            f"{path.parent}: in use by {_read(holder)}; wait until it ends, or stop it"
        ) from None
    except OSError as error:
        if error.errno not in INCAPABLE:
            raise InputError(
                f"{path}: cannot be written: {error.strerror}; check the folder's permissions and the free space"
            ) from error
        print(
            f"{path.parent}: the file system cannot lock files; make sure that no other run uses this folder",
            file=sys.stderr,
        )
    else:
        _held.append(lock)
        write_text(holder, f"process {os.getpid()}, since {datetime.now():%Y-%m-%d %H:%M:%S}")


def _read(holder: Path) -> str:
    try:
        return holder.read_text(encoding="utf-8")
    except OSError:
        return "another process"
