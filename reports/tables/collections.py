"""Read collections of records; what was cut short, edited by hand or put in another's place counts as missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Final, Generic, TypeVar

from records.errors import InputError
from records.record import CHECKSUM, FAILURE, is_sealed
from reports.documents import Node

COLLECTION: Final = "collection"
"""The kind of a file that holds records of another kind."""

DATASET: Final = "dataset"
"""The kind of a record that is a file of its own."""

VERSIONS: Final = {
    COLLECTION: 1,
    "run": 4,
    "repeat": 5,
    "calibration": 3,
    "prediction": 3,
    "model": 3,
    "property": 2,
    "gallery": 2,
    DATASET: 3,
    FAILURE: 1,
}
"""The version of each kind of record that is read; one of another is made again."""

ABOUT: Final = {
    "run": "runs/{spec.paper}/{spec.experiment}/{spec.variant}/w{spec.workers}/seed{spec.seed}",
    "repeat": (
        "timings/{spec.paper}/{spec.experiment}/{spec.variant}/w{spec.workers}/{spec.hardware}/repeat{spec.repeat}"
    ),
    "calibration": "calibrations/{spec.paper}/{spec.experiment}/{spec.variant}",
    "prediction": "predictions/{spec.paper}/{spec.experiment}/{spec.variant}/{hardware}",
    "model": "models/{paper}",
    "property": "properties/{property}",
    "gallery": "gallery/{dataset}",
    DATASET: "datasets/{name}",
}
"""What a record of each kind is about, by the keys in braces: the name under which it would be missing."""

KEY: Final = re.compile(r"\{([\w.]+)\}")
"""A key of a record, with the way to it."""

AGAIN: Final = "delete the file and run again"
"""What helps with a record that is not the one that was written there."""

T = TypeVar("T")


@dataclass(frozen=True)
class Found(Generic[T]):
    """What there is of results, and what there is not.

    Attributes
    ----------
    records
        Those that could be read, in their order.
    failures
        Why others are missing: those that could not be made by what they are about, and those that are damaged by the
        same or else by their file.
    """

    records: tuple[T, ...] = ()
    failures: Mapping[str, str] = field(default_factory=dict)


def read_records(paths: Iterable[Path], kind: str, read: Callable[[Node], T]) -> Found[T]:
    """Read the records of collections; those of datasets are files of their own.

    It raises nothing: a file that is not as it was written, a record that is not whole, and one that belongs elsewhere
    or is there twice, as copies are, become failures.

    Parameters
    ----------
    paths
        The files, in the order of the records.
    kind
        The kind of the records.
    read
        Returns what a record holds, or raises a `InputError`.
    """
    records: list[T] = []
    failures: dict[str, str] = {}
    seen: dict[str, Path] = {}
    for path in paths:
        try:
            members, failed = _members(path, kind)
        except InputError as error:
            failures[path.as_posix()] = str(error)
            continue
        failures |= failed
        for member in members:
            what, about = path.as_posix(), about_of(member, kind)
            try:
                if about:
                    _check_place(member, about, seen)
                    what, seen[about] = about, path
                _check_kind(member, kind)
                records.append(read(member))
            except InputError as error:
                failures.setdefault(what, str(error))
    return Found(tuple(records), failures)


def open_record(path: Path, *kinds: str) -> Node:
    """Read the record of a file: of one of these kinds, in the version that is read here, and as it was written.

    Raises
    ------
    InputError
        If it is not.
    """
    root = Node.read(path)
    _check_kind(root, *kinds)
    if not is_sealed(root.value):
        raise InputError(f"{path}: {CHECKSUM} is not that of the rest, which was edited", AGAIN)
    return root


def about_of(record: Node, kind: str) -> str:
    """Return what a record is about; nothing if it does not say so."""
    try:
        return KEY.sub(lambda key: _named(record, key[1]), ABOUT[kind])
    except InputError:
        return ""


def _members(path: Path, kind: str) -> tuple[list[Node], dict[str, str]]:
    """Return the records of a file, and why others could not be made."""
    if kind == DATASET:
        members = [open_record(path, DATASET, FAILURE)]
    else:
        root = open_record(path, COLLECTION)
        root["of"].one_of((kind,))
        members = list(root["members"])
    failures = {
        member["about"].text(): member["why"].text() for member in members if _is_failure(member)
    }
    return [member for member in members if not _is_failure(member)], failures


def _is_failure(member: Node) -> bool:
    return bool(member["record"].value == FAILURE)


def _check_kind(record: Node, *kinds: str) -> None:
    kind = record["record"].one_of(kinds)
    if record["version"].value != VERSIONS[kind]:
        record["version"].fail(str(VERSIONS[kind]), AGAIN)


def _check_place(record: Node, about: str, seen: Mapping[str, Path]) -> None:
    """Refuse what was copied: of one thing there is one record, and the folders of its file say what it is about."""
    if about in seen:
        raise InputError(f"{record.file}: holds {about}, as {seen[about]} does", AGAIN)
    stage, *names = about.split("/")
    *folders, _ = record.file.parts
    if stage in folders:
        below = folders[len(folders) - folders[::-1].index(stage) :]
        if below != names[: len(below)]:
            raise InputError(f"{record.file}: holds {about}, which belongs elsewhere", AGAIN)


def _named(record: Node, key: str) -> str:
    node = reduce(Node.__getitem__, key.split("."), record)
    return str(node.whole()) if isinstance(node.value, int) else node.text()
