"""Contract of a dataset format, and the formats by name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import attrgetter, or_
from pathlib import Path
from typing import Any, Final, TypeAlias

from pnncore.arrays import Labels, Pixels
from pnncore.data.archive import Archive
from records.errors import InputError
from records.registry import Registry

SPLITS: Final = ("train", "test")

Arrays: TypeAlias = dict[str, tuple[Pixels, Labels]]
"""Images, shape (samples, height, width), and labels, shape (samples,), by split; both uint8."""


@dataclass(frozen=True)
class Format:
    """A format of datasets.

    Attributes
    ----------
    name
        Name in the manifest.
    entry
        Type of a dataset's entry in the manifest, with ``name`` as its tag: a subclass of `records.dataset.Dataset`.
    archives
        Given the entry, returns the files to download.
    read
        Given the dataset's name, its entry and the folder of its archives, returns its arrays; raises an `InputError`
        if they are not what the entry states.
    """

    name: str
    entry: type[Any]
    archives: Callable[[Any], Sequence[Archive]]
    read: Callable[[str, Any, Path], Arrays]


FORMATS: Final[Registry[Format]] = Registry("pnncore.data.formats", "FORMAT", attrgetter("entry"))
"""Every module of the package that has a ``FORMAT``."""


def entry_type() -> Any:
    """Return the type of a dataset's entry in the manifest: that of any format."""
    return reduce(or_, (each.entry for each in FORMATS.entries.values()))


def check_content(what: str, content: bytes, expected: str, remedy: str) -> None:
    """Refuse content whose SHA-256 is not the manifest's.

    Raises
    ------
    InputError
        If it is another.
    """
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise InputError(
            f"{what}: content differs from the manifest: expected SHA-256 {expected}, "
            f"found {found}; {remedy}"
        )
