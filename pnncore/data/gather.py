"""The files that the authors of a paper published: fetched, read, and compared with their summary."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Final

from msgspec import UNSET, to_builtins

from pnncore.data.archive import Archive
from pnncore.data.passes import READERS, Pass, summary
from records.authors import PASSES, Authors, AuthorsRun
from records.errors import InputError

SUMMARY: Final = ("training", "testing", "accuracy")
"""Keys of a run that its files must bear out."""

Gathered = tuple[AuthorsRun, list[Pass]]


def archives(authors: Authors) -> list[Archive]:
    """List the files of all runs."""
    return [
        Archive(file.file, file.bytes, file.sha256, authors.mirrors)
        for run in authors.runs
        for file in run.files
    ]


def read(authors: Authors, folder: Path) -> list[Gathered]:
    """Read the passes of all runs, and compare each run's summary with them.

    Parameters
    ----------
    authors
        The entry of config/authors.yaml.
    folder
        The folder of the files, under their paths in the repository.

    Raises
    ------
    InputError
        If a file is not of the format that the entry states, or a summary is not that of its files.
    """
    return [(run, _read_run(run, authors.format, folder)) for run in authors.runs]


def as_csv(gathered: Iterable[Gathered]) -> str:
    """Return the passes of all runs as a table (CSV) with the columns of `records.authors.PASSES`."""
    text = StringIO()
    writer = csv.DictWriter(text, PASSES, lineterminator="\n")
    writer.writeheader()
    for run, passes in gathered:
        which = {"machine": run.machine, "program": run.program or "", "workers": run.workers}
        writer.writerows(which | each._asdict() for each in passes)
    return text.getvalue()


def _read_run(run: AuthorsRun, format_name: str, folder: Path) -> list[Pass]:
    passes = READERS[format_name]([folder / file.file for file in run.files])
    found = summary(run, passes)
    for key in SUMMARY:
        if getattr(found, key) != getattr(run, key):
            raise InputError(
                f"config/authors.yaml: {run.name}: {key}: the files say {_shown(getattr(found, key))}; "
                "state that instead"
            )
    return passes


def _shown(value: object) -> str:
    return "nothing" if value is UNSET else str(to_builtins(value))
