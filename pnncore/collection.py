"""Collections: all records of a variant in one file, with a failure in the place of each that could not be made."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from msgspec import to_builtins

from pnncore.cost import Meter
from pnncore.made_of import MadeOf, name
from pnncore.store import Identity, Store
from pnncore.supervision import begin
from records.cost import Cost
from records.errors import InputError, KilledWorkerError
from records.kinds.collection import Collection
from records.kinds.failure import Failure
from records.kinds.kind import Kind
from records.record import as_record, read_record, write_record

DIGEST: Final = re.compile(r"[0-9a-f]{12}")
"""End of a file's name that is the digest of the file's ingredients."""

Json = dict[str, Any]
K = TypeVar("K", bound=Kind)


@dataclass(frozen=True)
class Member:
    """A record of a collection.

    Attributes
    ----------
    about
        Its identity in reports: see `records.kinds.kind.Kind.about_of`.
    make
        Function that makes and returns the record.
    identity
        Its identity in the store; None if it is not stored.
    labels
        Names that are added to the record's ``spec``: paper, experiment and variant.
    """

    about: str
    make: Callable[[], Kind]
    identity: Identity | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


class _Entry(NamedTuple):
    """The content of a member, or the failure in its place, and what it cost."""

    content: Json | Failure
    cost: Cost


def collect(
    kind: str,
    made: MadeOf,
    members: Iterable[Member],
    output: Path,
    store: Store,
    meter: Meter,
) -> list[Failure]:
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
    meter
        The meter of this process, which makes one collection after another.

    Returns
    -------
    list of Failure
        The failures.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    members = list(members)
    stale = _stale(output, made)
    entries = [_entry(member, store, meter, stale) for member in members]
    collection = Collection(
        of=kind,
        made_of=made,
        stored=tuple(store.path(m.identity).stem for m in members if m.identity is not None),
        members=tuple(to_builtins(entry.content) for entry in entries),
        costs=tuple(entry.cost for entry in entries),
    )
    write_record(output, collection)
    return [entry.content for entry in entries if isinstance(entry.content, Failure)]


def read_only_member(path: Path, kind: type[K]) -> K:
    """Read the record of a collection of one.

    Raises
    ------
    InputError
        If the file is not a collection of one such record, was edited, or holds a failure.
    """
    members = read_record(path, Collection).members
    if len(members) != 1:
        raise InputError(f"{path}: members: expected 1 {kind.kind()} record, got {len(members)}")
    return as_record(members[0], kind, path, "members[0]")


def _stale(output: Path, made: MadeOf) -> bool:
    """Return whether a file's name has the digest of other ingredients than the current ones."""
    digest = output.stem.rpartition("-")[2]
    return bool(DIGEST.fullmatch(digest)) and digest != name(made)


def _entry(member: Member, store: Store, meter: Meter, stale: bool) -> _Entry:
    try:
        if stale:
            raise InputError("the code was edited while the run was at work; start the run again")
        record, cost = _record(member, store, meter)
    except InputError as error:
        why = str(error)
    except MemoryError as error:
        why = f"there is not enough memory ({error}); make the network or the mini-batches smaller"
    except Exception as error:
        traceback.print_exc()
        why = f"{type(error).__name__}: {error}"
    else:
        if member.labels:
            record = {**record, "spec": {**member.labels, **record["spec"]}}
        return _Entry(record, cost)
    print(f"{member.about}: {why}", file=sys.stderr, flush=True)
    return _Entry(Failure(about=member.about, why=why), meter.lap())


def _record(member: Member, store: Store, meter: Meter) -> tuple[Json, Cost]:
    """Return a record and what it cost when it was made."""
    if member.identity is None:
        return to_builtins(member.make()), meter.lap()
    found = store.read(member.identity)
    print(f"{member.about}{'' if found is None else ': in the store'}", file=sys.stderr, flush=True)
    if found is not None:
        meter.lap()  # what it cost to read belongs to no record
        return found.content, found.cost
    made = _make(member)
    cost = meter.lap()
    store.write(member.identity, made, cost)
    return made, cost


def _make(member: Member) -> Json:
    begin(member.about)
    try:
        made = member.make()
    except KilledWorkerError:
        # A worker of this process was killed: memory may no longer be short.
        made = member.make()
    found: Json = to_builtins(made)
    return found
