"""The store: records under the digest of all that made them, valid for ever."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from records.errors import InputError
from records.record import read_record, write_record

Identity = Mapping[str, Any]
"""All that a record is made of, as JSON knows it: specification, code, software, data and, of a timing, the machine."""

KIND: Final = "stored"
VERSION: Final = 1
"""Version of the form of a stored file: ``identity`` and ``content``, the record."""


@dataclass(frozen=True)
class Store:
    """A folder of records.

    A record's name says all that it is made of: nothing is ever made twice, and no edit, date or copied folder makes
    a record count for what it is not.

    Attributes
    ----------
    folder
        The folder; it need not be there.
    """

    folder: Path

    def path(self, identity: Identity) -> Path:
        """Return where the record of an identity lies, whether it is there or not."""
        name = digest(identity)
        return self.folder / name[:2] / f"{name}.json"

    def read(self, identity: Identity) -> dict[str, Any] | None:
        """Return the record of an identity; None if there is none, or it was cut short or edited."""
        path = self.path(identity)
        if not path.exists():
            return None
        try:
            return content(path)
        except InputError:
            return None

    def write(self, identity: Identity, record: Mapping[str, Any]) -> None:
        """Keep the record of an identity.

        Raises
        ------
        InputError
            If it cannot be written.
        """
        stored = {"record": KIND, "version": VERSION, "identity": identity, "content": record}
        write_record(self.path(identity), stored)


def content(path: Path) -> dict[str, Any]:
    """Read the record in a stored file.

    Raises
    ------
    InputError
        If the file was cut short or edited, or has the name of another.
    """
    stored = read_record(path, KIND, VERSION)
    if path.stem != digest(stored["identity"]):
        raise InputError(f"{path}: has the name of another record; delete it")
    found: dict[str, Any] = stored["content"]
    return found


def digest(identity: Identity) -> str:
    """Return the name of what is made of this: 24 hexadecimal digits."""
    return sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:24]
