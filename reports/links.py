"""Ways from a number on a page to what it comes from."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

JOBS: Final = ("runs", "timings")
"""Folders of an edition's results whose records have a row on the page about provenance."""


@dataclass(frozen=True)
class Link:
    """A file or folder, and the way to it from the page where there is one."""

    text: str
    href: str | None


def link(path: str, site: Path) -> Link:
    """Name a file or folder below the working directory, and find the way to it from the site.

    What lies beside the site, in the edition's results, is named from there on. Records of runs and timings have a row
    on the page about provenance, which a site keeps wherever it is taken.
    """
    beside = Path(path).is_relative_to(site.parent)
    text = Path(path).relative_to(site.parent).as_posix() if beside else path
    anchor = job_anchor(text)
    if anchor:
        return Link(" and ".join(JOBS) if text == "." else text, f"provenance.html#{anchor}")
    return Link(text, _way(path, site))


def folder_link(names: Sequence[str], site: Path) -> Link:
    """Name a folder of the edition's results, and find the way to it from a site beside it."""
    text = "/".join(names)
    return Link(text, _way((site.parent / text).as_posix(), site))


def job_anchor(path: str) -> str:
    """Return the anchor of the jobs whose records lie in a folder of an edition's results; none for other folders.

    Examples
    --------
    >>> job_anchor("runs/ott/accuracy/mean/w2/seed1.json"), job_anchor("runs/ott")
    ('runs-ott-accuracy-mean', 'jobs')
    >>> job_anchor("."), job_anchor("properties/merging.json")
    ('jobs', '')
    """
    parts = PurePath(path).parts
    if not parts:
        return "jobs"
    if parts[0] not in JOBS:
        return ""
    return "-".join(parts[:4]) if len(parts) > 2 else "jobs"


def _way(path: str, site: Path) -> str | None:
    return Path(os.path.relpath(path, site)).as_posix() if Path(path).exists() else None
