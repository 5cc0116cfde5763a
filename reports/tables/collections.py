"""Collections of records. A record that is truncated, edited or in the wrong place counts as missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar

from records.convert import convert
from records.errors import InputError
from records.kinds.collection import Collection
from records.kinds.dataset import DatasetRecord
from records.kinds.failure import Failure
from records.kinds.kind import Kind
from records.record import DELETE, as_record, read_record, read_sealed

K = TypeVar("K", bound=Kind)
T = TypeVar("T")


@dataclass(frozen=True)
class Member(Generic[K]):
    """A record with its place.

    Attributes
    ----------
    path
        The file that holds it.
    place
        Its key in the file, such as ``members[0]``; empty if it is all of the file.
    about
        Its identity; empty if a damaged record does not show it.
    record
        The record.
    """

    path: Path
    place: str
    about: str
    record: K

    def fail(self, key: str, fault: str) -> NoReturn:
        """Raise an `InputError` about a key of the record."""
        place = f"{self.place}.{key}".removeprefix(".")
        raise InputError(f"{self.path}: {place}: {fault}", DELETE)


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


def read_members(paths: Iterable[str | Path], kind: type[K]) -> Found[Member[K]]:
    """Read the records of collections, or of datasets, as they are: see `read_records`."""
    return read_records(paths, kind, lambda member: member)


def read_records(
    paths: Iterable[str | Path], kind: type[K], read: Callable[[Member[K]], T]
) -> Found[T]:
    """Read the records of collections, or of datasets, which have a file each.

    Nothing is raised. Damaged files, incomplete records, duplicates and misplaced records become failures.

    Parameters
    ----------
    paths
        The files, in the order wanted for the records.
    kind
        The kind of the records.
    read
        A function that returns what is wanted of a record, or raises `InputError`.
    """
    records: list[T] = []
    failures: dict[str, str] = {}
    seen: dict[str, Path] = {}
    for path in map(Path, paths):
        try:
            members, failed = _members(path, kind)
        except InputError as error:
            failures[path.as_posix()] = str(error)
            continue
        failures |= failed
        for place, content in members.items():
            blamed, about = path.as_posix(), kind.about_of(content)
            try:
                if about:
                    _check_place(path, about, seen)
                    blamed, seen[about] = about, path
                record = as_record(content, kind, path, place)
                records.append(read(Member(path, place, about, record)))
            except InputError as error:
                failures.setdefault(blamed, str(error))
    return Found(tuple(records), failures)


def _members(path: Path, kind: type[Kind]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the records of a file by their place, and the reason for each one that could not be made."""
    if kind is DatasetRecord:
        members = {"": read_sealed(path, kind, Failure)}
    else:
        collection = read_record(path, Collection)
        if collection.of != kind.kind():
            raise InputError(f"{path}: of: expected {kind.kind()}, got {collection.of!r}", DELETE)
        members = {f"members[{n}]": each for n, each in enumerate(collection.members)}
    failed = {
        place: convert(content, Failure, str(path), place)
        for place, content in members.items()
        if content.get("record") == Failure.kind()
    }
    made = {place: content for place, content in members.items() if place not in failed}
    return made, {failure.about: failure.why for failure in failed.values()}


def _check_place(path: Path, about: str, seen: Mapping[str, Path]) -> None:
    """Refuse duplicates, and records whose identity disagrees with the folders of their file."""
    if about in seen:
        raise InputError(f"{path}: duplicate record {about}, already in {seen[about]}", DELETE)
    stage, *names = about.split("/")
    *folders, _ = path.parts
    if stage in folders:
        below = folders[len(folders) - folders[::-1].index(stage) :]
        if below != names[: len(below)]:
            raise InputError(f"{path}: misplaced record {about}", DELETE)
