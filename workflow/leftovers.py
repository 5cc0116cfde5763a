"""Leftovers of killed runs and of studies that an edition no longer has."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from time import time


def sweep(folder: Path, idle: float = 0.0) -> None:
    """Remove partly written files of killed jobs.

    Until a file is complete it has a hidden temporary name beside its final one.

    Parameters
    ----------
    folder
        Folder to search, at any depth.
    idle
        Least age in seconds of a file to remove; longer than any file takes to write where other runs may be active.
    """
    for path in list(folder.rglob(".*.tmp")):
        with suppress(OSError):  # removed with its folder
            if time() - path.stat().st_mtime < idle:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def remove_others(results: Path, kept: Collection[str]) -> None:
    """Remove tables, figures and costs of studies that the edition no longer has; their records stay.

    Parameters
    ----------
    results
        The edition's folder of results.
    kept
        Names of the edition's papers and comparisons.
    """
    for path in list(results.glob("config/*.json")):
        name = path.stem.partition("-")[0]
        if name not in kept:
            for part in ("tables", "figures", "costs"):
                shutil.rmtree(results / part / name, ignore_errors=True)
            path.unlink(missing_ok=True)
