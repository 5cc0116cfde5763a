"""The list of a study's records: which files hold them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reports.documents import Node


@dataclass(frozen=True)
class RecordList:
    """The files that hold the records of a study, each kind in the order that rows follow.

    Attributes
    ----------
    runs, timings, calibrations, predictions, models, properties
        Collections.
    datasets
        Facts of the datasets, ``<dataset>/dataset.json``.
    host
        The collection that holds what was calibrated of this machine.
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
    """Read the list of a study's records.

    Raises
    ------
    InputError
        If it is none.
    """
    root = Node.read(path)
    properties = root["properties"]
    named = {
        "properties": [properties[name] for name in properties.names()],
        "host": [root["host"]],
    }
    return RecordList(
        **{kind: tuple(Path(each.text()) for each in named.get(kind, root[kind])) for kind in KINDS}
    )


def joined(lists: Sequence[RecordList]) -> RecordList:
    """Return the list of all studies; files that several rest on are in it once."""
    return RecordList(
        **{kind: _once(path for each in lists for path in getattr(each, kind)) for kind in KINDS}
    )


def _once(paths: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(paths))
