"""Links from a number on a page to its evidence."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from reports.tables.tidy import name_evidence, split_evidence

JOBS: Final = ("runs", "timings")
"""Folders of an edition's results whose records have a row on the provenance page."""


@dataclass(frozen=True)
class Link:
    """A file or folder, with its address relative to the page; None if there is none."""

    text: str
    href: str | None


def links(cells: Iterable[str], site: Path) -> tuple[Link, ...]:
    """Return a link to each file or folder in cells of a column ``evidence``.

    Parameters
    ----------
    cells
        The cells, which may be empty.
    site
        The folder of the page.
    """
    paths = [path for cell in cells for path in split_evidence(cell)]
    return tuple(_link(path, site) for path in split_evidence(name_evidence(paths)))


def _link(path: str, site: Path) -> Link:
    """Link to a file or folder below the working directory.

    The text of a path in the edition's results is relative to them. Records of runs and timings, and facts of
    datasets, link to the provenance page, which is part of every published site.
    """
    beside = Path(path).is_relative_to(site.parent)
    text = Path(path).relative_to(site.parent).as_posix() if beside else path
    anchor = job_anchor(text) or _dataset_anchor(path)
    return Link(text, f"provenance.html#{anchor}" if anchor else _href(path, site))


def folder_link(names: Sequence[str], site: Path) -> Link:
    """Link to a folder of the edition's results, which lie beside the site."""
    text = "/".join(names)
    return Link(text, _href((site.parent / text).as_posix(), site))


def job_anchor(path: str) -> str:
    """Return the anchor of the jobs whose records are in a folder of an edition's results; empty for other folders.

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
    """Return the anchor of the dataset whose facts a file holds; empty for other files."""
    file = PurePath(path)
    return f"dataset-{file.parent.name}" if file.name == "dataset.json" else ""


def _href(path: str, site: Path) -> str | None:
    return Path(os.path.relpath(path, site)).as_posix() if Path(path).exists() else None
