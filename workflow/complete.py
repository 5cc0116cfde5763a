"""Whether all that an edition's report rests on could be made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from records.errors import InputError

TOLD = 10
"""Reasons that are told."""


def read_missing(provenance: Path) -> dict[str, str]:
    """Read what could not be made, and why, from ``provenance.json``.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    try:
        missing: dict[str, str] = json.loads(provenance.read_text(encoding="utf-8"))["missing"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(
            f"{provenance}: cannot be read ({error}); delete it and run again"
        ) from error
    return missing


def tell(missing: Mapping[str, str]) -> str:
    """Say what could not be made, what failed by itself before what needs it."""
    reasons: dict[str, list[str]] = {}
    for about, why in sorted(missing.items(), key=lambda item: item[1].startswith("needs ")):
        reasons.setdefault(why, []).append(about)
    count = "1 result" if len(missing) == 1 else f"{len(missing):,} results"
    lines = [
        f"{count} could not be made, and the report goes without; the same command tries again:"
    ]
    for why, abouts in list(reasons.items())[:TOLD]:
        more = f" and {len(abouts) - 1:,} more" if len(abouts) > 1 else ""
        lines.append(f"  {abouts[0]}{more}: {why}")
    if len(reasons) > TOLD:
        lines.append(
            f"  and {len(reasons) - TOLD:,} more reasons, which the page about provenance lists"
        )
    return "\n".join(lines)
