"""The editions that there are, and those that a study names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from records.errors import InputError, nearest
from records.study import WrittenStudy
from workflow.documents import read_yaml

DEFAULT: Final = Path("config/config.yaml")
"""The edition that is run if no other is named."""


def edition_files(folder: Path) -> dict[str, str]:
    """Return the file of each edition of a folder, by the edition's name: every file that has the key ``edition``.

    Parameters
    ----------
    folder
        The folder of the configuration.

    Raises
    ------
    InputError
        If a file cannot be read, or two of them have the same name, since they would share a folder of results.
    """
    files: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        content = read_yaml(path)
        if "edition" in content:
            holder = files.setdefault(str(content["edition"]), str(path))
            if holder != str(path):
                raise InputError(
                    f"{path}: edition: {content['edition']!r} is the name of {holder}, too; results need one each"
                )
    return files


def edition_faults(study: WrittenStudy, editions: Mapping[str, str]) -> Iterator[str]:
    """Yield every edition that a study names and that there is not: its key, and what it may have meant.

    Parameters
    ----------
    study
        The study, as written.
    editions
        The file of each edition, by its name.
    """
    for where, names in _named(study):
        for name in names:
            if name not in editions:
                yield f"{where}: there is no edition {name!r}; {nearest(name, editions)}"


def _named(study: WrittenStudy) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield the names of editions in a study, with their keys."""
    for stage in ("experiments", "timings"):
        for name, each in getattr(study, stage).items():
            yield f"{stage}.{name}.editions", each.editions
    for part in ("claims", "findings"):
        for entry in getattr(study, part, ()):
            yield f"{part}.{entry.id}.editions", entry.editions or ()
