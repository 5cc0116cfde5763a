"""Facts about sources of modules, kept for later processes, because to parse all modules takes half a second."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from records.atomic import write_text
from records.errors import InputError


class Facts(NamedTuple):
    """The digest of a source, and the names of the modules that it imports."""

    digest: str
    imports: tuple[str, ...]


class KnownSources:
    """Facts by the SHA-256 of sources, in a file beside the compiled modules.

    A file that is missing, damaged or cannot be written costs time and changes nothing.

    Parameters
    ----------
    find
        Function that returns the facts of a source.
    maker
        The file with the code of that function: other code, or another Python, finds other facts.
    folder
        Folder of the file.
    """

    def __init__(self, find: Callable[[bytes], Facts], maker: Path, folder: Path) -> None:
        self._find = find
        made = sha256(maker.read_bytes()).hexdigest()[:12]
        self._path = folder / f"sources.{platform.python_version()}-{made}.json"
        self._known = _read(self._path)
        self._new = False

    def facts(self, source: bytes) -> Facts:
        """Return the facts of a source."""
        key = sha256(source).hexdigest()
        if key not in self._known:
            self._known[key], self._new = self._find(source), True
        return self._known[key]

    def keep(self) -> None:
        """Write what was found out since the last call."""
        if self._new:
            self._new = False
            with suppress(InputError, OSError):
                write_text(self._path, json.dumps(self._known))


def _read(path: Path) -> dict[str, Facts]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {key: Facts(str(digest), tuple(imports)) for key, (digest, imports) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
