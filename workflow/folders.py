"""Folders that a run writes to."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from records.errors import InputError


def check_writable(folders: Iterable[Path]) -> None:
    """Check, before any job runs, that folders are writable.

    Parameters
    ----------
    folders
        The folders; for one that does not exist, its nearest existing parent is checked.

    Raises
    ------
    InputError
        If one is not writable.
    """
    for folder in folders:
        path = folder.absolute()
        place = next(each for each in (path, *path.parents) if each.exists())
        if not os.access(place, os.W_OK | os.X_OK):
            raise InputError(
                f"{place}: not writable; change its permissions, or copy the project to a folder of your own"
            )
