"""The folders that a run writes to."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from records.errors import InputError


def check_writable(folders: Iterable[Path]) -> None:
    """Refuse folders that cannot be written to, before a job fails for it.

    Parameters
    ----------
    folders
        The folders; where one is not there yet, the one that it will be made in counts.

    Raises
    ------
    InputError
        If one of them cannot be written to.
    """
    for folder in folders:
        path = folder.absolute()
        place = next(each for each in (path, *path.parents) if each.exists())
        if not os.access(place, os.W_OK | os.X_OK):
            raise InputError(
                f"{place} cannot be written to: give yourself the permission, or copy the project to a folder of "
                "your own"
            )
