"""What repeats of a measurement are marked, and what that makes of the measurement."""

from __future__ import annotations

import pandas as pd

NOISY = "noisy"
"""Other programs ran at the same time."""

OVERSUBSCRIBED = "oversubscribed"
"""There were more workers than hardware threads, and they took turns."""


def mark_of(marks: pd.Series[str]) -> str | None:
    """Return the mark of a measurement by those of its repeats: noisy if most are.

    Parameters
    ----------
    marks
        The repeats' marks; missing for what is modelled.

    Returns
    -------
    str or None
        ``noisy``, ``oversubscribed`` or ``clean``; None if nothing was measured.
    """
    if marks.isna().all():
        return None
    if (marks == NOISY).mean() > 0.5:
        return NOISY
    others = marks[marks != NOISY]
    return str(others.iloc[0])
