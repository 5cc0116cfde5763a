"""Results that are missing from an edition's report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from records.errors import InputError

TOLD = 10
"""Number of reasons to list."""


def read_missing(provenance: Path) -> dict[str, str]:
    """Read the missing results and their reasons from ``provenance.json``.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    try:
        missing: dict[str, str] = json.loads(provenance.read_text(encoding="utf-8"))["missing"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(
            f"{provenance}: cannot be read: {error}; delete it and run again"
        ) from error
    return missing


def tell(missing: Mapping[str, str]) -> str:
    """List the missing results by reason, failures before the results that need them."""
    reasons: dict[str, list[str]] = {}
    for about, why in sorted(missing.items(), key=lambda item: item[1].startswith("needs ")):
        reasons.setdefault(why, []).append(about)
    count = "1 result" if len(missing) == 1 else f"{len(missing):,} results"
    lines = [f"{count} could not be made; the same command tries again:"]
    for why, abouts in list(reasons.items())[:TOLD]:
        more = f" and {len(abouts) - 1:,} more" if len(abouts) > 1 else ""
        lines.append(f"  {abouts[0]}{more}: {why}")
    if len(reasons) > TOLD:
        lines.append(f"  and {len(reasons) - TOLD:,} more reasons: see the provenance page")
    return "\n".join(lines)
