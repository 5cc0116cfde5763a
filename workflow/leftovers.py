"""What runs leave behind that is no result any more."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from time import time


def sweep(folder: Path, idle: float = 0.0) -> None:
    """Remove what jobs had begun to write when they were killed.

    Whatever is written has a hidden temporary name beside its own until it is whole.

    Parameters
    ----------
    folder
        Where to look, at any depth.
    idle
        Seconds since the last change of what is removed: more than any file takes to write, where other runs may be
        at work.
    """
    for path in list(folder.rglob(".*.tmp")):
        with suppress(OSError):  # gone with the folder that it was in
            if time() - path.stat().st_mtime < idle:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def remove_others(folder: Path, kept: Collection[str]) -> None:
    """Remove the folders of papers that the edition has no longer; their records stay, for the day that they are back.

    Parameters
    ----------
    folder
        Where papers have a folder each, of tables or of figures.
    kept
        The names of the edition's papers and comparisons.
    """
    for path in list(folder.glob("*/")):
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)
