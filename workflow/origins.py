"""Results of which nobody knows how they were made: Snakemake takes them for unchanged, whatever was edited since."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from pathlib import Path
from typing import Final

SNAKEMAKE: Final = Path(".snakemake")
"""Where Snakemake keeps what each result was made of (``metadata``) and which are unfinished (``incomplete``)."""

LONGEST: Final = 254
"""Characters of a name there; what is longer goes on in a folder."""


def mark_unknown(results: Iterable[str], folder: Path = SNAKEMAKE) -> list[str]:
    """Have Snakemake make again the results that are there without a whole record of what they were made of.

    Somebody has deleted that, or brought the results from elsewhere. They are marked as those of a job that was
    interrupted.

    Parameters
    ----------
    results
        Their paths, as the rules have them.
    folder
        Snakemake's folder.

    Returns
    -------
    list of str
        The paths of those that were marked.
    """
    marked = []
    for result in results:
        metadata, mark = (folder / kind / _name(result) for kind in ("metadata", "incomplete"))
        if Path(result).exists() and not _is_whole(metadata):
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.write_text(json.dumps({"external_jobid": None}), encoding="utf-8")
            marked.append(result)
    return marked


def forget(results: Iterable[str], folder: Path = SNAKEMAKE) -> None:
    """Leave no record of what results were made of, so that they are made again.

    Parameters
    ----------
    results, folder
        As for `mark_unknown`.
    """
    for result in results:
        (folder / "metadata" / _name(result)).unlink(missing_ok=True)


def _name(result: str) -> Path:
    name = urlsafe_b64encode(result.encode()).decode()
    *folders, file = (name[start : start + LONGEST] for start in range(0, len(name), LONGEST))
    return Path(*(f"@{part}" for part in folders), file)


def _is_whole(metadata: Path) -> bool:
    try:
        return isinstance(json.loads(metadata.read_bytes()), dict)
    except (OSError, ValueError):
        return False
