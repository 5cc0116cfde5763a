"""Record lists: the files that hold the records of a study."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from records.convert import convert
from records.record_files import RecordFiles
from reports.files import read_json


@dataclass(frozen=True)
class RecordList:
    """The files that hold the records of a study, in the order of the rows of its tables.

    Attributes
    ----------
    runs, timings, calibrations, predictions, models, properties
        Collections of that kind.
    datasets
        Facts of the datasets: ``<dataset>/dataset.json``.
    host
        The collection that holds the calibration of this machine.
    """

    runs: tuple[Path, ...]
    timings: tuple[Path, ...]
    calibrations: tuple[Path, ...]
    predictions: tuple[Path, ...]
    models: tuple[Path, ...]
    properties: tuple[Path, ...]
    datasets: tuple[Path, ...]
    host: tuple[Path, ...]


KINDS = tuple(RecordList.__dataclass_fields__)


def read_list(path: Path) -> RecordList:
    """Read a record list.

    Raises
    ------
    InputError
        If the file is not a record list.
    """
    files = convert(read_json(path), RecordFiles, str(path))
    named = {**structs.asdict(files), "properties": files.properties.values(), "host": [files.host]}
    return RecordList(**{kind: tuple(map(Path, named[kind])) for kind in KINDS})


def joined(lists: Sequence[RecordList]) -> RecordList:
    """Merge the lists of several studies; a shared file appears once."""
    return RecordList(
        **{kind: _once(path for each in lists for path in getattr(each, kind)) for kind in KINDS}
    )


def _once(paths: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(paths))
