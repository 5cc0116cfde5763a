"""Estimates: the numbers that the tests of claims and findings find, one per seed.

A test is a small tree. Its leaves apply a measure to a curve, or name a fact of a dataset or of a property;
`difference`, `ratio` and `product` combine two tests seed by seed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np
import pandas as pd
from msgspec import UNSET, structs

from records import check
from records.check import TestEntry
from records.errors import InputError
from reports.tables.facts import Facts
from reports.tables.intervals import t_interval
from reports.verdicts.curve import Curve, MissingEvidenceError, mixed, unit_of_difference
from reports.verdicts.curves import Evidence, cut
from reports.verdicts.measures import MEASURES, Measure
from reports.verdicts.their_curves import refuse_thinned


@dataclass(frozen=True)
class Estimate:
    """The numbers that a test found.

    Attributes
    ----------
    numbers
        The numbers, indexed by seed; a timing or a fact has one number and no seed.
    unit
        Unit of the numbers; empty for plain numbers.
    records
        The files that the numbers come from.
    seeded
        Whether there is a number for each seed.
    source
        ``measured`` or ``modelled``; empty for a fact.
    """

    numbers: pd.Series[float]
    unit: str
    records: frozenset[str]
    seeded: bool
    source: str = "measured"

    @property
    def mean(self) -> float:
        """The mean over the seeds."""
        return fmean(self.numbers)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the mean; None for fewer than three seeds or if a number is not finite."""
        if not self.seeded or not np.isfinite(self.numbers).all():
            return None
        return t_interval(list(self.numbers))

    @property
    def cells(self) -> dict[str, Any]:
        """The columns that claims.csv and findings.csv share about our number."""
        return {
            "ours": self.mean if math.isfinite(self.mean) else None,
            "unit": self.unit,
            "seeds": str(len(self.numbers)) if self.seeded else None,
            "interval": json.dumps(self.interval) if self.interval else None,
            "source": self.source,
        }


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
    return Estimate(numbers, unit, curve.records, seeded=curve.seeded, source=curve.source)


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
    left, right = first.numbers.align(second.numbers, join="inner")
    with np.errstate(divide="ignore", invalid="ignore"):
        numbers = operation(left, right).dropna()
    if numbers.empty:
        raise MissingEvidenceError(
            "the two compared numbers share no seed, or their ratio is undefined"
        )
    return Estimate(
        numbers,
        unit_of(first.unit),
        first.records | second.records,
        seeded=first.seeded,
        source=mixed(first.source, second.source),
    )


def _product(one: TestEntry, other: TestEntry, evidence: Evidence) -> Estimate:
    """Multiply two tests, of which only one may be seeded: epochs of runs by the seconds of an epoch, say."""
    first, second = evaluate(one, evidence), evaluate(other, evidence)
    if first.seeded == second.seeded:
        left, right = first.numbers.align(second.numbers, join="inner")
        numbers = left * right
    elif first.seeded:
        numbers = first.numbers * second.numbers.iloc[0]
    else:
        numbers = second.numbers * first.numbers.iloc[0]
    if numbers.empty:
        raise MissingEvidenceError("the two multiplied numbers share no seed")
    return Estimate(
        numbers,
        second.unit,
        first.records | second.records,
        seeded=first.seeded or second.seeded,
        source=mixed(first.source, second.source),
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
    found: Any = facts.content if facts else None
    for key in way.split("."):
        found = _item(found, key)
    if facts is None or not isinstance(found, int | float):
        raise MissingEvidenceError(f"no fact {way} of {name}")
    number = pd.Series([float(found)])
    return Estimate(number, "", frozenset({facts.path}), seeded=False, source="")


def _item(found: Any, key: str) -> Any:
    """Return the value at a key of a mapping or at an index of a list; None if there is none."""
    if isinstance(found, list | tuple):
        return found[int(key)] if key.isdecimal() and int(key) < len(found) else None
    return found.get(key) if isinstance(found, Mapping) else None
