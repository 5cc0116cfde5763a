"""The store: a folder of records, each named by the digest of its identity, which never become outdated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from records.cost import Cost
from records.errors import InputError
from records.kinds.stored import Stored
from records.record import read_record, write_record

Identity = Mapping[str, Any]
"""Everything that determines a record, as JSON content: specification, code, software, data and, of a timing, the
machine."""


@dataclass(frozen=True)
class Store:
    """A folder of records.

    A record's name is the digest of its identity, so nothing is computed twice, and no edit, date or copied folder
    makes a record valid for another identity.

    Attributes
    ----------
    folder
        The folder; it need not exist.
    """

    folder: Path

    def path(self, identity: Identity) -> Path:
        """Return the path of the record of an identity, whether it exists or not."""
        name = digest(identity)
        return self.folder / name[:2] / f"{name}.json"

    def read(self, identity: Identity) -> Stored | None:
        """Return the record of an identity, with its cost; None if it is missing, truncated or edited."""
        path = self.path(identity)
        if not path.exists():
            return None
        try:
            return read_stored(path)
        except InputError:
            return None

    def write(self, identity: Identity, record: Mapping[str, Any], cost: Cost) -> None:
        """Store the record of an identity, and what it cost.

        Raises
        ------
        InputError
            If it cannot be written.
        """
        stored = Stored(identity=dict(identity), content=dict(record), cost=cost)
        write_record(self.path(identity), stored)


def read_stored(path: Path) -> Stored:
    """Read a file of the store.

    Raises
    ------
    InputError
        If the file is truncated or edited, or has another record's name.
    """
    stored = read_record(path, Stored)
    if path.stem != digest(stored.identity):
        raise InputError(f"{path}: identity: does not match the file's name; delete the file")
    return stored


def digest(identity: Identity) -> str:
    """Return the name of the record of an identity: 24 hexadecimal digits of its SHA-256."""
    return sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:24]
