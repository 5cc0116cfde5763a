"""Estimates: the numbers that the tests of claims and findings find, one per replicate.

A test is a small tree. Its leaves apply a measure to a curve, or name a fact of a dataset or of a property;
`difference`, `ratio` and `product` combine two tests replicate by replicate.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any, Final

import numpy as np
import pandas as pd
from msgspec import UNSET, structs

from records import check
from records.check import TestEntry
from records.errors import InputError
from reports.tables.facts import Facts
from reports.tables.intervals import LEAST_FREEDOM, t_quantile
from reports.verdicts.curve import (
    Curve,
    MissingEvidenceError,
    Replicates,
    mixed,
    unit_of_difference,
)
from reports.verdicts.curves import Evidence, cut
from reports.verdicts.measures import MEASURES, Measure
from reports.verdicts.their_curves import refuse_thinned

OF_MEDIAN: Final = math.sqrt(math.pi / 2)
"""Standard error of a median, by that of the mean of as many normal numbers."""

SPREADS: Final[tuple[Replicates, ...]] = ("errors", "seeds", "repeats", "")
"""The kinds of replicates: of two that are combined, the result has the one that comes first."""


@dataclass(frozen=True)
class Estimate:
    """The numbers that a test found.

    Attributes
    ----------
    numbers
        One number per replicate. Of errors, the first is the number as modelled, and each other one is what it were
        if the model were off as it was at a point that it had not seen.
    unit
        Unit of the numbers; empty for plain numbers.
    records
        The files that the numbers come from.
    replicates
        What the numbers are: seeds, repeats, errors, or nothing for a number that has no spread.
    source
        ``measured`` or ``modelled``; empty for a fact.
    bounds
        What the number cannot be beyond.
    """

    numbers: pd.Series[float]
    unit: str
    records: frozenset[str]
    replicates: Replicates
    source: str = "measured"
    bounds: tuple[float, float] = (-math.inf, math.inf)

    @property
    def centre(self) -> float:
        """The number that counts: the mean over seeds, the median over repeats, or what was modelled."""
        match self.replicates:
            case "errors":
                return float(self.numbers.iloc[0])
            case "repeats":
                return median(self.numbers)
            case _:
                return fmean(self.numbers)

    @property
    def error(self) -> float | None:
        """The standard error of the centre, or of a prediction; None if it cannot be estimated."""
        if self.freedom < LEAST_FREEDOM or not np.isfinite(self.numbers).all():
            return None
        if self.replicates == "errors":
            return float(np.sqrt(np.mean((self.numbers.iloc[1:] - self.centre) ** 2)))
        of_mean = float(self.numbers.std() / math.sqrt(len(self.numbers)))
        return OF_MEDIAN * of_mean if self.replicates == "repeats" else of_mean

    @property
    def freedom(self) -> int:
        """Degrees of freedom of the error."""
        return len(self.numbers) - 1 if self.replicates else 0

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the centre, or of a prediction; None without an error."""
        if self.error is None:
            return None
        half, (low, high) = t_quantile(self.freedom) * self.error, self.bounds
        return max(low, self.centre - half), min(high, self.centre + half)

    @property
    def cells(self) -> dict[str, Any]:
        """The columns that claims.csv and findings.csv share about our number."""
        return {
            "ours": self.centre if math.isfinite(self.centre) else None,
            "unit": self.unit,
            "seeds": str(len(self.numbers)) if self.replicates == "seeds" else None,
            "interval": json.dumps(self.interval) if self.interval else None,
            "each": self._each,
            "source": self.source,
        }

    @property
    def _each(self) -> str | None:
        """The number of each seed or repeat, as JSON."""
        if self.replicates not in ("seeds", "repeats") or len(self.numbers) < 2:
            return None
        return json.dumps([float(f"{number:.6g}") for number in self.numbers])


def evaluate(test: TestEntry, evidence: Evidence) -> Estimate:
    """Evaluate a test.

    Parameters
    ----------
    test
        The test.
    evidence
        The tables.

    Raises
    ------
    MissingEvidenceError
        If a run, timing or fact that the test needs is missing.
    InputError
        If the test is configured wrongly.
    """
    match test:
        case TestEntry(difference=(first, second)):
            return _combine(first, second, evidence, np.subtract, unit_of_difference)
        case TestEntry(ratio=(first, second)):
            return _combine(first, second, evidence, np.divide, lambda _: "")
        case TestEntry(product=(first, second)):
            return _product(first, second, evidence)
        case TestEntry(property=str(name), fact=str(way)):
            return _fact(name, evidence.properties.get(name), way)
        case TestEntry(dataset=str(named), fact=str(way)):
            name = evidence.stand_ins.get(named, named)
            return _fact(name, evidence.datasets.get(name), way)
        case TestEntry(measure=str(measure), of=check.Curve() as of):
            return _measure(MEASURES[measure], of, test, evidence)
    raise InputError("test: expected a measure of a curve, a fact, or two tests combined")


def _measure(measure: Measure, of: check.Curve, test: TestEntry, evidence: Evidence) -> Estimate:
    curve = _curve(of, test, evidence)
    if curve.thinned:
        refuse_thinned(curve, test)
    lines = curve.lines.loc[_window(curve, test)]
    if lines.empty:
        first = "the first" if test.from_ is UNSET else test.from_
        last = "the last" if test.to is UNSET else test.to
        raise MissingEvidenceError(f"no {curve.axis} from {first} to {last}")
    arguments = {name: _argument(of, test, name, curve) for name in measure.arguments}
    numbers = pd.Series(
        {seed: measure.function(line, **arguments) for seed, line in lines.items()}, dtype=float
    )
    units = {"value": curve.unit, "difference": unit_of_difference(curve.unit)}
    unit = {**units, "axis": curve.axis, "none": ""}[measure.unit]
    return Estimate(numbers, unit, curve.records, curve.replicates, curve.source, measure.bounds)


def _curve(of: check.Curve, test: TestEntry, evidence: Evidence) -> Curve:
    curve = cut(evidence, of)
    if test.minus:
        curve = curve.minus(cut(evidence, of.changed(test.minus)))
    return curve.absolute() if test.absolute else curve


def _window(curve: Curve, test: TestEntry) -> pd.Index[Any]:
    points = curve.lines.index
    if test.from_ is not UNSET:
        points = points[points >= _point(curve, test.from_)]
    if test.to is not UNSET:
        points = points[points <= _point(curve, test.to)]
    return points


def _argument(of: check.Curve, test: TestEntry, name: str, curve: Curve) -> object:
    given = getattr(test, name)
    if given is UNSET:
        raise InputError(f"{name}: missing in a test of {of.experiment} by {test.measure}")
    if name != "at":
        return given
    point = _point(curve, given)
    if point == curve.base:
        raise MissingEvidenceError(
            f"a point other than {curve.axis} {point}, which {of.metric} is relative to"
        )
    return point


def _point(curve: Curve, point: object) -> Any:
    """Return a point of the axis; `cores` is the largest worker count with a core for each worker."""
    points = curve.lines.index
    if point == "last":
        return points[-1]
    if point != "cores":
        return point
    if curve.cores is None:
        raise InputError("`cores` is a point of timings only; name a number for runs")
    return points[points <= curve.cores].max()


def _combine(
    one: TestEntry,
    other: TestEntry,
    evidence: Evidence,
    operation: Callable[[Any, Any], Any],
    unit_of: Callable[[str], str],
) -> Estimate:
    first, second = evaluate(one, evidence), evaluate(other, evidence)
    if _located(one, evidence) == _located(other, evidence):
        raise MissingEvidenceError("two different points to compare (they coincide here)")
    return _paired(first, second, operation, unit_of(first.unit))


def _product(one: TestEntry, other: TestEntry, evidence: Evidence) -> Estimate:
    """Multiply two tests: epochs of runs by the seconds of an epoch, say."""
    first, second = evaluate(one, evidence), evaluate(other, evidence)
    return _paired(first, second, np.multiply, second.unit)


def _paired(
    first: Estimate, second: Estimate, operation: Callable[[Any, Any], Any], unit: str
) -> Estimate:
    """Combine the numbers of two estimates.

    Replicates of one kind are paired by their numbers. Seeds and repeats are independent, so that any pairs will do:
    the first of one with the first of the other, and so on. Beside errors of a model, only the mean of others counts.
    """
    left: Any = first.numbers
    right: Any = second.numbers
    match first.replicates, second.replicates:
        case one, other if one == other:
            left, right = left.align(right, join="inner")
        case ("errors", _) | (_, ""):
            right = second.centre
        case (_, "errors") | ("", _):
            left = first.centre
        case _:
            several = min(len(left), len(right))
            left, right = (each.iloc[:several].reset_index(drop=True) for each in (left, right))
    with np.errstate(divide="ignore", invalid="ignore"):
        numbers = operation(left, right).dropna()
    if numbers.empty:
        raise MissingEvidenceError(
            "the two compared numbers have no replicate in common, or their ratio is undefined"
        )
    kinds = {first.replicates, second.replicates}
    return Estimate(
        numbers,
        unit,
        first.records | second.records,
        next(kind for kind in SPREADS if kind in kinds),
        mixed(first.source, second.source),
    )


def _located(test: TestEntry, evidence: Evidence) -> TestEntry:
    """Return a test with its points resolved, so that two tests of the same number are equal."""
    if not test.of:
        return test
    curve = _curve(test.of, test, evidence)
    points = {name: getattr(test, name) for name in ("from_", "to", "at")}
    resolved = {name: _point(curve, at) for name, at in points.items() if at is not UNSET}
    return structs.replace(test, **resolved)


def _fact(name: str, facts: Facts | None, way: str) -> Estimate:
    numbers = facts.numbers(way) if facts else ()
    if facts is None or not numbers:
        raise MissingEvidenceError(f"no fact {way} of {name}")
    several = len(numbers) > 1
    return Estimate(
        pd.Series(numbers),
        "",
        frozenset({facts.path}),
        facts.replicates if several else "",
        source="measured" if several else "",
    )
