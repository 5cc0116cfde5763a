"""Ways from a number on a page to what it comes from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from reports.tables.tidy import name_evidence, split_evidence

JOBS: Final = ("runs", "timings")
"""Folders of an edition's results whose records have a row on the page about provenance."""


@dataclass(frozen=True)
class Link:
    """A file or folder, and the way to it from the page where there is one."""

    text: str
    href: str | None


def links(cells: Iterable[str], site: Path) -> tuple[Link, ...]:
    """Return a way to each file or folder that cells of a column ``evidence`` name, together.

    Parameters
    ----------
    cells
        The cells, which may be empty.
    site
        The folder that the page will stand in.
    """
    paths = [path for cell in cells for path in split_evidence(cell)]
    return tuple(_link(path, site) for path in split_evidence(name_evidence(paths)))


def _link(path: str, site: Path) -> Link:
    """Name a file or folder below the working directory, and find the way to it from the site.

    What lies beside the site, in the edition's results, is named from there on. Records of runs and timings, and the
    facts of datasets, have a place on the page about provenance, which a site keeps wherever it is taken.
    """
    beside = Path(path).is_relative_to(site.parent)
    text = Path(path).relative_to(site.parent).as_posix() if beside else path
    anchor = job_anchor(text) or _dataset_anchor(path)
    return Link(text, f"provenance.html#{anchor}" if anchor else _way(path, site))


def folder_link(names: Sequence[str], site: Path) -> Link:
    """Name a folder of the edition's results, and find the way to it from a site beside it."""
    text = "/".join(names)
    return Link(text, _way((site.parent / text).as_posix(), site))


def job_anchor(path: str) -> str:
    """Return the anchor of the jobs whose records lie in a folder of an edition's results; none for other folders.

    Examples
    --------
    >>> job_anchor("runs/ott/accuracy/mean"), job_anchor("runs/ott")
    ('runs-ott-accuracy-mean', 'jobs')
    >>> job_anchor("properties/merging.json"), job_anchor(".")
    ('', '')
    """
    parts = PurePath(path).parts
    if not parts or parts[0] not in JOBS:
        return ""
    return "-".join(parts[:4]) if len(parts) > 2 else "jobs"


def _dataset_anchor(path: str) -> str:
    """Return the anchor of a dataset whose facts a file holds; none for other files."""
    file = PurePath(path)
    return f"dataset-{file.parent.name}" if file.name == "dataset.json" else ""


def _way(path: str, site: Path) -> str | None:
    return Path(os.path.relpath(path, site)).as_posix() if Path(path).exists() else None
