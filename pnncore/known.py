"""Findings about texts that are kept for later processes, because finding them out takes a part of every start."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Generic, TypeVar

from records.atomic import write_text
from records.errors import InputError

T = TypeVar("T")


class Known(Generic[T]):
    """Findings by the SHA-256 of the text that they are about, in a file beside the compiled modules.

    A file that is missing, damaged or cannot be written costs time and changes nothing.

    Parameters
    ----------
    read
        Function that returns a finding of its JSON content; raises `ValueError` or `TypeError` if it is none.
    maker
        The file with the code that finds it out: other code, or another Python, finds something else.
    folder
        Folder of the file.
    """

    def __init__(self, read: Callable[[Any], T], maker: Path, folder: Path) -> None:
        made = sha256(maker.read_bytes()).hexdigest()[:12]
        self._path = folder / f"{maker.stem}.{platform.python_version()}-{made}.known.json"
        self._found = _read(self._path, read)
        self._new = False

    def about(self, text: bytes, find: Callable[[], T]) -> T:
        """Return what is known about a text, found out by `find` if it is not."""
        key = sha256(text).hexdigest()
        if key not in self._found:
            self._found[key], self._new = find(), True
        return self._found[key]

    def keep(self) -> None:
        """Write what was found out since the last call."""
        if self._new:
            self._new = False
            with suppress(InputError, OSError):
                write_text(self._path, json.dumps(self._found))


def _read(path: Path, read: Callable[[Any], T]) -> dict[str, T]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {key: read(content) for key, content in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
