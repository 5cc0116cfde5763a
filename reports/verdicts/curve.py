"""A curve: a metric across epochs, worker counts or variants, with one column per replicate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import pandas as pd

from reports.exhibits.quantity import PERCENT, POINTS

Replicates: TypeAlias = Literal["seeds", "repeats", "errors", ""]
"""What the columns of a curve are: seeds of runs, repeats of a timing, a modelled number shifted by each error that its
model made on points it had not seen, or nothing: a number without replicates."""


class MissingEvidenceError(Exception):
    """A needed run, timing or fact is missing, or its run diverged; the message names it."""


@dataclass(frozen=True)
class Curve:
    """A metric along an axis.

    Attributes
    ----------
    lines
        One row per point of the axis, in its order; one column per replicate.
    unit
        Unit of the values.
    axis
        ``epochs``, ``workers`` or ``variants``.
    records
        The files that the values come from.
    replicates
        What the columns are.
    cores
        Physical cores of the timed machine; None for a curve of runs.
    base
        The point that all values are relative to, as speed-up is to one worker; None if there is none.
    source
        ``measured``, ``modelled`` or ``authors``.
    thinned
        Whether points between the first and the last are missing.
    """

    lines: pd.DataFrame
    unit: str
    axis: str
    records: frozenset[str]
    replicates: Replicates = ""
    cores: int | None = None
    base: int | None = None
    source: str = "measured"
    thinned: bool = False

    def minus(self, other: Curve) -> Curve:
        """Return this curve minus another, at the points and replicates that both have."""
        points = self.lines.index.intersection(other.lines.index, sort=False)
        seeds = self.lines.columns.intersection(other.lines.columns, sort=False)
        if points.empty or seeds.empty:
            raise MissingEvidenceError(
                f"the compared curves share no point or none of their {self.replicates}"
            )
        difference = self.lines.loc[points, seeds] - other.lines.loc[points, seeds]
        source = mixed(self.source, other.source)
        unit, records = unit_of_difference(self.unit), self.records | other.records
        thinned = self.thinned or other.thinned
        return replace(
            self, lines=difference, unit=unit, records=records, source=source, thinned=thinned
        )

    def absolute(self) -> Curve:
        """Return the curve of absolute values."""
        return replace(self, lines=self.lines.abs())


def unit_of_difference(unit: str) -> str:
    """Return the unit of the difference of two numbers."""
    return POINTS if unit in PERCENT else unit


def mixed(*sources: str) -> str:
    """Return the source of a combined number: modelled if any of its sources is."""
    return "modelled" if "modelled" in sources else sources[0]
