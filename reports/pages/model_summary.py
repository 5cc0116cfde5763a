"""Summary of the models' errors: median, worst, whether they meet a target, and how near they need come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from records.authors import Authors
from reports.exhibits.quantity import POINTS, percent, quantity

CLOSE: Final = 0.10
"""The largest error that counts as close."""


@dataclass(frozen=True)
class Target:
    """The largest errors that models should have."""

    median: float
    worst: float | None = None

    @property
    def words(self) -> str:
        """The target in words."""
        worst = f", and none above {percent(self.worst)}" if self.worst is not None else ""
        return f"a median error of at most {percent(self.median)}{worst}"


PUBLISHED_TARGET: Final = Target(median=0.10, worst=0.25)
HOST_TARGET: Final = Target(median=0.10)


@dataclass(frozen=True)
class Summary:
    """The errors of rows of ``model_error.csv``, relative to the observed numbers.

    Attributes
    ----------
    points
        The number of rows.
    median
        The median of the absolute errors.
    worst
        The largest absolute error.
    close
        The share of the absolute errors up to `CLOSE`.
    """

    points: int
    median: float
    worst: float
    close: float

    @classmethod
    def of(cls, rows: pd.DataFrame) -> Summary:
        """Summarise one or more rows."""
        errors = rows["relative_error"].abs()
        return cls(
            points=len(rows),
            median=float(errors.median()),
            worst=float(errors.max()),
            close=float((errors <= CLOSE).mean()),
        )

    def judged(self, target: Target) -> str:
        """Say whether a target is met or by how much it is missed."""
        missed = " and ".join(self._missed(target))
        outcome = f"Missed: {missed}" if missed else f"Met: the median is {percent(self.median)}"
        return f"The target is {target.words}. {outcome}; the worst is {percent(self.worst)}."

    def _missed(self, target: Target) -> Iterator[str]:
        if self.median > target.median:
            over = _points(self.median - target.median)
            yield f"the median is {percent(self.median)}, {over} more than that"
        if target.worst is not None and self.worst > target.worst:
            over = _points(self.worst - target.worst)
            yield f"the worst error is {over} above its limit"


def other_campaigns(authors: Authors, titles: Mapping[str, str]) -> str:
    """Say how far other campaigns of the authors on the same machine lie from these; empty where that is not known."""
    ranges = [
        f"{_range(each.least, each.most)} on the {titles[each.machine]} ({each.source})"
        for each in authors.campaign_difference
    ]
    if not ranges:
        return ""
    return f"Speed-ups of other campaigns of the authors differ from these by {' and by '.join(ranges)}."


def _points(difference: float) -> str:
    """Print a difference of two shares in percentage points, to a tenth."""
    return quantity(round(difference, 3), POINTS)


def _range(least: float, most: float) -> str:
    return percent(most) if least == most else f"{percent(least)[:-2]} to {percent(most)}"
