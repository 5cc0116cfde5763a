"""Collections of records. A record that is truncated, edited or in the wrong place counts as missing."""

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
from reports.files import DELETE

COLLECTION: Final = "collection"
"""The kind of a file that holds records of one other kind."""

DATASET: Final = "dataset"
"""The kind of a record that has a file of its own."""

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
"""The supported version of each kind of record. The workflow remakes records of other versions."""

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
"""The identity of a record of each kind: keys in braces are filled in from the record."""

KEY: Final = re.compile(r"\{([\w.]+)\}")
"""A dotted path to a value of a record."""

T = TypeVar("T")


@dataclass(frozen=True)
class Found(Generic[T]):
    """Records that could be read, and the reasons why others are missing.

    Attributes
    ----------
    records
        The readable records, in the order of their files.
    failures
        The reason for each missing record. The key is the record's identity or, if a damaged record does not show
        it, the path of its file.
    """

    records: tuple[T, ...] = ()
    failures: Mapping[str, str] = field(default_factory=dict)


def read_records(paths: Iterable[Path], kind: str, read: Callable[[Node], T]) -> Found[T]:
    """Read the records of collections, or of datasets, which have a file each.

    Nothing is raised. Damaged files, incomplete records, duplicates and misplaced records become failures.

    Parameters
    ----------
    paths
        The files, in the order wanted for the records.
    kind
        The kind of the records.
    read
        A function that returns a record's content or raises `InputError`.
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
            blamed, about = path.as_posix(), about_of(member, kind)
            try:
                if about:
                    _check_place(member, about, seen)
                    blamed, seen[about] = about, path
                _check_kind(member, kind)
                records.append(read(member))
            except InputError as error:
                failures.setdefault(blamed, str(error))
    return Found(tuple(records), failures)


def open_record(path: Path, *kinds: str) -> Node:
    """Read a file's record, and check its kind, its version and its checksum.

    Raises
    ------
    InputError
        If a check fails.
    """
    root = Node.read(path)
    _check_kind(root, *kinds)
    if not is_sealed(root.value):
        raise InputError(
            f"{path}: {CHECKSUM}: does not match the content, which was edited", DELETE
        )
    return root


def about_of(record: Node, kind: str) -> str:
    """Return a record's identity; empty if a key that names it is missing or invalid."""
    try:
        return KEY.sub(lambda key: _filled(record, key[1]), ABOUT[kind])
    except InputError:
        return ""


def _members(path: Path, kind: str) -> tuple[list[Node], dict[str, str]]:
    """Return the records of a file, and the reason for each one that could not be made."""
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
        record["version"].fail(str(VERSIONS[kind]), DELETE)


def _check_place(record: Node, about: str, seen: Mapping[str, Path]) -> None:
    """Refuse duplicates, and records whose identity disagrees with the folders of their file."""
    if about in seen:
        raise InputError(
            f"{record.file}: duplicate record {about}, already in {seen[about]}", DELETE
        )
    stage, *names = about.split("/")
    *folders, _ = record.file.parts
    if stage in folders:
        below = folders[len(folders) - folders[::-1].index(stage) :]
        if below != names[: len(below)]:
            raise InputError(f"{record.file}: misplaced record {about}", DELETE)


def _filled(record: Node, key: str) -> str:
    node = reduce(Node.__getitem__, key.split("."), record)
    return str(node.whole()) if isinstance(node.value, int) else node.text()
