"""Collections: all records of a variant in one file, with a failure in the place of each that could not be made."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pnncore.made_of import MadeOf, name
from pnncore.store import Identity, Store
from pnncore.supervision import begin
from records.errors import InputError, KilledWorkerError
from records.record import FAILURE, Record, read_record, write_record

KIND: Final = "collection"
VERSION: Final = 1
"""Version of the record's format."""

DIGEST: Final = re.compile(r"[0-9a-f]{12}")
"""End of a file's name that is the digest of the file's ingredients."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Member:
    """A record of a collection.

    Attributes
    ----------
    about
        Its name, as a path without edition and suffix: ``runs/ott/accuracy/mean/w2/seed1``.
    make
        Function that makes and returns the record.
    identity
        Its identity in the store; None if it is not stored.
    labels
        Names that are added to the record's ``spec``: paper, experiment and variant.
    """

    about: str
    make: Callable[[], Json]
    identity: Identity | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


def collect(
    kind: str, made: MadeOf, members: Iterable[Member], output: Path, store: Store
) -> list[Json]:
    """Write a collection of stored and newly made records; store the new ones.

    A failure takes the place of a record that cannot be made, and the others are still made.

    Parameters
    ----------
    kind
        The kind of its records.
    made
        Ingredients of the collection.
    members
        Its records in order.
    output
        The file to write. A digest in its name must be that of `made`; otherwise all new records fail.
    store
        The store of records.

    Returns
    -------
    list of dict
        The failures.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    members = list(members)
    entries = [_entry(member, store, _stale(output, made)) for member in members]
    kept = [store.path(m.identity).stem for m in members if m.identity is not None]
    content = {"record": KIND, "version": VERSION, "of": kind, "made_of": made}
    write_record(output, {**content, "stored": kept, "members": entries})
    return [entry for entry in entries if entry["record"] == FAILURE]


def read_members(path: Path, kind: str, version: int) -> list[Record]:
    """Read the records of a collection, including failures.

    Raises
    ------
    InputError
        If the file is not a collection of such records, or was edited.
    """
    collection = read_record(path, KIND, VERSION)
    for member in collection["members"]:
        if member["record"] != FAILURE and (member["record"], member["version"]) != (kind, version):
            raise InputError(
                f"{path}: members: expected {kind} records of version {version}, got {member['record']} "
                f"of version {member['version']}; delete the file and run again"
            )
    members: list[Record] = collection["members"]
    return members


def read_only_member(path: Path, kind: str, version: int) -> Record:
    """Read the record of a collection of one.

    Raises
    ------
    InputError
        If the file is not a collection of one such record, was edited, or holds a failure.
    """
    members = read_members(path, kind, version)
    if len(members) != 1:
        raise InputError(f"{path}: members: expected 1 {kind} record, got {len(members)}")
    (member,) = members
    if member["record"] == FAILURE:
        raise InputError(f"needs {member['about']}")
    return member


def _stale(output: Path, made: MadeOf) -> bool:
    """Return whether a file's name has the digest of other ingredients than the current ones."""
    digest = output.stem.rpartition("-")[2]
    return bool(DIGEST.fullmatch(digest)) and digest != name(made)


def _entry(member: Member, store: Store, stale: bool) -> Json:
    try:
        if stale:
            raise InputError("the code was edited while the run was at work; start the run again")
        record = _record(member, store)
    except InputError as error:
        why = str(error)
    except MemoryError as error:
        why = f"there is not enough memory ({error}); make the network or the mini-batches smaller"
    except Exception as error:
        traceback.print_exc()
        why = f"{type(error).__name__}: {error}"
    else:
        return {**record, "spec": {**member.labels, **record["spec"]}} if member.labels else record
    print(f"{member.about}: {why}", file=sys.stderr, flush=True)
    return {"record": FAILURE, "about": member.about, "why": why}


def _record(member: Member, store: Store) -> Json:
    if member.identity is None:
        return member.make()
    found = store.read(member.identity)
    print(f"{member.about}{'' if found is None else ': in the store'}", file=sys.stderr, flush=True)
    if found is None:
        found = _make(member)
        store.write(member.identity, found)
    return found


def _make(member: Member) -> Json:
    begin(member.about)
    try:
        return member.make()
    except KilledWorkerError:
        # A worker of this process was killed: memory may no longer be short.
        return member.make()
