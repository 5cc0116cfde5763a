"""A download on its way: limited in size and time, and told by what arrived."""

from __future__ import annotations

import hashlib
from time import monotonic
from typing import BinaryIO

from pnncore.data.archive import Archive
from records.errors import InputError

TIMEOUT = 30
"""Seconds to wait for a connection, and for each part of a response."""

SLOWEST = 20_000
"""Mean bytes per second below which the next mirror is tried."""

SLACK = 65_536
"""Bytes beyond the expected size at which a download is aborted."""


class MirrorError(Exception):
    """A failed attempt at one address; its message says what was found instead of the archive."""


class OtherFileError(MirrorError):
    """A whole file that is not the archive: the mirror's, or what the manifest states of it, is wrong."""


class AbsentError(InputError):
    """No mirror answered with a whole file, neither the archive nor another; its `fault` says what each answered."""


class Arrival:
    """A stream for a download, limited in size and time, that records size, checksum and first bytes."""

    def __init__(self, archive: Archive, stream: BinaryIO) -> None:
        self.stream = stream
        self.limit = archive.bytes + SLACK
        self.patience = TIMEOUT + archive.bytes / SLOWEST
        self.deadline = monotonic() + self.patience
        self.start = b""
        self.size = 0
        self.digest = hashlib.sha256()

    def write(self, chunk: bytes) -> None:
        """Write the next bytes; raise a `MirrorError` beyond the limit of size or time."""
        self.start = self.start or chunk
        self.size += len(chunk)
        self.digest.update(chunk)
        if self.size > self.limit:
            raise self.error(f"{self.kind()} of more than {self.limit} bytes")
        if monotonic() > self.deadline:
            raise MirrorError(f"only {self.size} bytes within {self.patience:.0f} s")
        self.stream.write(chunk)

    def flush(self) -> None:
        """Do nothing: pooch flushes after every chunk, which a download does not need."""

    @property
    def is_page(self) -> bool:
        """Whether the first bytes are those of an HTML page, such as a network's login."""
        return self.start.lstrip().lower().startswith((b"<!doctype html", b"<html"))

    def error(self, found: str) -> MirrorError:
        """Return the error for something else than the archive, whether it is a network's page or a file."""
        return MirrorError(found) if self.is_page else OtherFileError(found)

    def kind(self) -> str:
        """Return the kind of file that the first bytes indicate."""
        return "an HTML page" if self.is_page else "a file"

    def describe(self) -> str:
        """Return kind, size and checksum of the download, for a message."""
        return f"{self.kind()} of {self.size} bytes with SHA-256 {self.digest.hexdigest()}"
