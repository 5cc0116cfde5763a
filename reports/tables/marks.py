"""Marks of repeats, and the mark of the timing they make up."""

from __future__ import annotations

import pandas as pd

NOISY = "noisy"
"""The mark of a repeat during which other programs ran."""

CLEAN = "clean"
"""The mark of a repeat that nothing disturbed."""

OVERSUBSCRIBED = "oversubscribed"
"""The mark of a repeat with more workers than hardware threads, so that workers took turns."""


def mark_of(marks: pd.Series[str]) -> str | None:
    """Return the mark of a timing: noisy if most of its repeats are.

    Parameters
    ----------
    marks
        The marks of the repeats. A modelled timing has one if it rests on noisy calibrations, and else none.

    Returns
    -------
    str or None
        ``noisy``, ``oversubscribed`` or ``clean``; None if none has a mark.
    """
    if marks.isna().all():
        return None
    if (marks == NOISY).mean() > 0.5:
        return NOISY
    others = marks[marks != NOISY]
    return str(others.iloc[0])
