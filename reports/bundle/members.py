"""Members of a bundle: their names, and the most that they may unpack to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Final

from reports.pages.paper_tables import TABLES

MANIFEST: Final = "manifest.json"
PROVENANCE: Final = "provenance.json"

LARGEST: Final = 1 << 29
"""The most bytes that a bundle may unpack to: ten times a bundle of the paper edition."""

NAME: Final = r"[a-z][a-z0-9_-]*"
"""Pattern of the names of studies and exhibits, which become parts of paths."""

MEMBER: Final = re.compile(
    rf"{re.escape(PROVENANCE)}|config/{NAME}\.json|tables/{NAME}/{NAME}\.csv|gallery/{NAME}\.json"
)
"""Pattern of members' names. Nothing else is unpacked, so that no name leads out of the folder."""


def bundled_tables() -> list[str]:
    """List the tables of a study in a bundle: those that the pages show, and what is behind them."""
    return sorted({*TABLES, "epochs", "authors"})


def required_members(studies: Sequence[str]) -> Iterator[str]:
    """Yield the names of the members that a bundle of these studies must have."""
    yield PROVENANCE
    for study in studies:
        yield f"config/{study}.json"
        yield from (f"tables/{study}/{table}.csv" for table in bundled_tables())


def checksum(content: bytes) -> str:
    """Return the SHA-256 of a member."""
    return hashlib.sha256(content).hexdigest()
