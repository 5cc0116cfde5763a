"""The state of the project's code, by which a run notices that it is edited under it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

from pnncore.errors import PnncoreError

PACKAGES: Final = ("pnncore", "reports", "workflow")
SUFFIXES: Final = (".py", ".j2", ".css", ".js")
"""What results are made with: modules, templates, and what pages load."""


ROOT: Final = Path(__file__).parents[1]
"""Where the packages are."""


def state() -> str:
    """Return the state of all packages, as JSON for `check_unchanged`."""
    return json.dumps({package: (_bytes(package), _meaning(package)) for package in PACKAGES})


def check_unchanged(package: str, before: str) -> None:
    """Refuse a package whose code does something else than when a run started.

    What a job depends on is recorded as of the start of its run. If the code were edited and put back meanwhile, the
    result of the edit would count as that of the code as it was.

    Parameters
    ----------
    package
        ``pnncore``, ``reports`` or ``workflow``.
    before
        What `state` said then.

    Raises
    ------
    PnncoreError
        If it has changed in more than comments, docstrings and formatting.
    """
    bytes_then, meaning_then = json.loads(before)[package]
    if _bytes(package) != bytes_then and _meaning(package) != meaning_then:
        raise PnncoreError(
            f"{package}/ was edited while this run was at work; start it again, and it goes on with the code as it is"
        )


def _files(package: str) -> list[Path]:
    return sorted(path for path in (ROOT / package).rglob("*") if path.suffix in SUFFIXES)


def _bytes(package: str) -> str:
    """Return a fingerprint of a package's files as they are: it takes milliseconds."""
    found = hashlib.sha256()
    for path in _files(package):
        found.update(f"{path} ".encode() + path.read_bytes())
    return found.hexdigest()


def _meaning(package: str) -> str:
    """Return a fingerprint of a package's files without comments, docstrings and formatting of code."""
    # Imported late: as long as the bytes are the same, a job has no use for it.
    from workflow.digest import bare, fingerprint

    parts = (
        bare(path) if path.suffix == ".py" else path.read_text(encoding="utf-8")
        for path in _files(package)
    )
    return fingerprint("\n".join(f"{part}" for part in parts))
