"""The state of the project's code, by which a job notices that what it ran was edited under its run."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PACKAGES: Final = ("pnncore", "reports", "workflow")
"""Packages whose code can change between two runs of the pipeline, or during one."""

LOOKS: Final = (".j2", ".css", ".js")
"""What pages are made with besides modules."""


def state() -> dict[str, tuple[str, str]]:
    """Return the state of all files that results are made with.

    Returns
    -------
    dict
        By path, fingerprints of what a file holds, byte by byte, and of what it comes to.
    """
    return {path: (_print(content), _meaning(path, content)) for path, content in _files()}


def changed(before: Mapping[str, tuple[str, str]]) -> set[str]:
    """Return the files that come to something else than before: comments, docstrings and formatting do not count.

    Parameters
    ----------
    before
        What `state` said then.
    """
    now = dict(_files())
    # Files are the same but for few, as a rule: what they come to takes longer to find out.
    edited = (path for path in now if _print(now[path]) != before.get(path, ("", ""))[0])
    return {
        *(path for path in edited if _meaning(path, now[path]) != before.get(path, ("", ""))[1]),
        *(path for path in before if path not in now),
    }


def used(command: str) -> set[str]:
    """Return the files that this process has made its results with.

    Parameters
    ----------
    command
        The module that it runs: pages are made with templates and the like, too.
    """
    modules = {str(getattr(module, "__file__", None)) for module in list(sys.modules.values())}
    return {*modules, *(map(str, find(ROOT / "reports", LOOKS)) if command == "reports" else ())}


def find(folder: Path, suffixes: Collection[str]) -> list[Path]:
    """Return the files below a folder that end so, in order; editors keep hidden ones, some of which cannot be read."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix in suffixes
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def _files() -> Iterator[tuple[str, bytes]]:
    """Yield the files with what they hold."""
    for package in PACKAGES:
        for path in find(ROOT / package, (".py", *LOOKS)):
            with suppress(OSError):  # gone in this moment
                yield str(path), path.read_bytes()


def _print(content: bytes) -> str:
    return sha256(content).hexdigest()[:12]


def _meaning(path: str, content: bytes) -> str:
    # Imported late: as long as the bytes are the same, a job has no use for it.
    from workflow.digest import bare

    if path.endswith(".py"):
        with suppress(SyntaxError, ValueError):  # half-written
            return _print(bare(content).encode())
    return _print(content)
