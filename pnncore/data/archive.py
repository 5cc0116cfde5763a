"""A file to download, as the manifest states it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Archive:
    """A file to download.

    Attributes
    ----------
    file
        Its name, the same at every mirror.
    bytes
        Its size.
    sha256
        Its SHA-256.
    mirrors
        Addresses of folders that hold it, in the order to try.
    """

    file: str
    bytes: int
    sha256: str
    mirrors: tuple[str, ...]
