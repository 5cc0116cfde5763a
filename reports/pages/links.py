"""Links from a number on a page to its evidence in the site; what of that stays with the results is named only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from reports.pages.experiment_data import data_name
from reports.tables.tidy import name_evidence, split_evidence

JOBS: Final = ("runs", "timings")
"""Folders of an edition's results whose records have a row on the provenance page."""


@dataclass(frozen=True)
class Link:
    """A file or folder, with its address in the site; None if it is not there."""

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
    """Link to what the provenance page says of a file or folder below the working directory.

    The text of a path in the edition's results is relative to them.
    """
    beside = Path(path).is_relative_to(site.parent)
    text = Path(path).relative_to(site.parent).as_posix() if beside else path
    anchor = job_anchor(text) or _dataset_anchor(path)
    return Link(text, f"provenance.html#{anchor}" if anchor else None)


def data_link(names: Sequence[str]) -> Link:
    """Link to the rows of an experiment or timing, from the names of a folder of its records."""
    kind, study, experiment, *_ = names
    return Link("/".join(names), data_name(kind, study, experiment))


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
