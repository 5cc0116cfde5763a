"""How good the models are, in a few numbers and a sentence: median and worst error, and the targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from reports.exhibits.quantity import percent

CLOSE: Final = 0.10
"""An error up to this is a small one."""


@dataclass(frozen=True)
class Target:
    """What the errors of models should not exceed."""

    median: float
    worst: float | None = None

    @property
    def words(self) -> str:
        """The target as a reader would say it."""
        worst = f", and none above {percent(self.worst)}" if self.worst is not None else ""
        return f"a median error of at most {percent(self.median)}{worst}"


PUBLISHED_TARGET: Final = Target(median=0.10, worst=0.25)
HOST_TARGET: Final = Target(median=0.10)


@dataclass(frozen=True)
class Summary:
    """The errors of some rows of ``model_error.csv``, in shares of what was observed.

    Attributes
    ----------
    points
        How many rows there are.
    median
        The middle one of the errors' magnitudes.
    worst
        The largest magnitude.
    close
        The share of the errors up to `CLOSE`.
    """

    points: int
    median: float
    worst: float
    close: float

    @classmethod
    def of(cls, rows: pd.DataFrame) -> Summary:
        """Sum up some rows, of which there is one at least."""
        errors = rows["relative_error"].abs()
        return cls(
            points=len(rows),
            median=float(errors.median()),
            worst=float(errors.max()),
            close=float((errors <= CLOSE).mean()),
        )

    def judged(self, target: Target) -> str:
        """Say whether a target is met, and if not, by how much it is missed."""
        missed = " and ".join(self._missed(target))
        outcome = f"Missed: {missed}" if missed else f"Met: the median is {percent(self.median)}"
        return f"The target is {target.words}. {outcome}; the worst is {percent(self.worst)}."

    def _missed(self, target: Target) -> Iterator[str]:
        if self.median > target.median:
            over = percent(self.median - target.median)
            yield f"the median is {percent(self.median)}, too much by {over}"
        if target.worst is not None and self.worst > target.worst:
            over = percent(self.worst - target.worst)
            yield f"the worst error is too large by {over}"
