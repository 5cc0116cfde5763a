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


def remove_others(results: Path, kept: Collection[str]) -> None:
    """Remove what was made of papers that the edition has no longer; their records stay, should they come back.

    Parameters
    ----------
    results
        The edition's folder. A paper was made there if its configuration is there.
    kept
        The names of the edition's papers and comparisons.
    """
    for path in list(results.glob("config/*.json")):
        name = path.stem.partition("-")[0]
        if name not in kept:
            for part in ("tables", "figures"):
                shutil.rmtree(results / part / name, ignore_errors=True)
            path.unlink(missing_ok=True)
