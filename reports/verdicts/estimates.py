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

from records.errors import InputError
from reports.tables.intervals import t_interval
from reports.verdicts.curves import (
    Curve,
    Evidence,
    MissingEvidenceError,
    cut,
    mixed,
    unit_of_difference,
)
from reports.verdicts.measures import MEASURES


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


def evaluate(test: Mapping[str, Any], evidence: Evidence) -> Estimate:
    """Evaluate a test.

    Parameters
    ----------
    test
        The test, as configured.
    evidence
        The tables.

    Raises
    ------
    MissingEvidenceError
        If a run, timing or fact that the test needs is missing.
    InputError
        If the test is configured wrongly.
    """
    if "difference" in test:
        return _combine(test["difference"], evidence, np.subtract, unit_of_difference)
    if "ratio" in test:
        return _combine(test["ratio"], evidence, np.divide, lambda _: "")
    if "product" in test:
        return _product(test["product"], evidence)
    if "fact" in test:
        return _fact(test, evidence)
    return _measure(test, evidence)


def _measure(test: Mapping[str, Any], evidence: Evidence) -> Estimate:
    curve = _curve(test, evidence)
    measure = MEASURES.get(test["measure"])
    if measure is None:
        raise InputError(
            f"measure: unknown measure {test['measure']}; valid values: {', '.join(MEASURES)}"
        )
    lines = curve.lines.loc[_window(curve, test)]
    if lines.empty:
        first, last = test.get("from", "the first"), test.get("to", "the last")
        raise MissingEvidenceError(f"no {curve.axis} from {first} to {last}")
    arguments = {name: _argument(test, name, curve) for name in measure.arguments}
    numbers = pd.Series(
        {seed: measure.function(line, **arguments) for seed, line in lines.items()}, dtype=float
    )
    units = {"value": curve.unit, "difference": unit_of_difference(curve.unit)}
    unit = {**units, "axis": curve.axis, "none": ""}[measure.unit]
    return Estimate(numbers, unit, curve.records, seeded=curve.seeded, source=curve.source)


def _curve(test: Mapping[str, Any], evidence: Evidence) -> Curve:
    curve = cut(evidence, test["of"])
    if "minus" in test:
        curve = curve.minus(cut(evidence, {**test["of"], **test["minus"]}))
    return curve.absolute() if test.get("absolute", False) else curve


def _window(curve: Curve, test: Mapping[str, Any]) -> pd.Index[Any]:
    points = curve.lines.index
    if "from" in test:
        points = points[points >= _point(curve, test["from"])]
    if "to" in test:
        points = points[points <= _point(curve, test["to"])]
    return points


def _argument(test: Mapping[str, Any], name: str, curve: Curve) -> object:
    if name not in test:
        raise InputError(
            f"{name}: missing in a test of {test['of']['experiment']} by {test['measure']}"
        )
    if name != "at":
        return test[name]
    point = _point(curve, test["at"])
    if point == curve.base:
        raise MissingEvidenceError(
            f"a point other than {curve.axis} {point}, which {test['of']['metric']} is relative to"
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
    tests: list[Mapping[str, Any]],
    evidence: Evidence,
    operation: Callable[[Any, Any], Any],
    unit_of: Callable[[str], str],
) -> Estimate:
    first, second = (evaluate(test, evidence) for test in tests)
    located = [_located(test, evidence) for test in tests]
    if located[0] == located[1]:
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


def _product(tests: list[Mapping[str, Any]], evidence: Evidence) -> Estimate:
    """Multiply two tests, of which only one may be seeded: epochs of runs by the seconds of an epoch, say."""
    first, second = (evaluate(test, evidence) for test in tests)
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


def _located(test: Mapping[str, Any], evidence: Evidence) -> dict[str, Any]:
    """Return a test with its points resolved, so that two tests of the same number are equal."""
    if "of" not in test:
        return dict(test)
    curve = _curve(test, evidence)
    return {
        **test,
        **{name: _point(curve, test[name]) for name in ("from", "to", "at") if name in test},
    }


def _fact(test: Mapping[str, Any], evidence: Evidence) -> Estimate:
    if "property" in test:
        name, facts = test["property"], evidence.properties.get(test["property"])
    else:
        name = evidence.stand_ins.get(test["dataset"], test["dataset"])
        facts = evidence.datasets.get(name)
    found: Any = facts.content if facts else None
    for key in test["fact"].split("."):
        found = _item(found, key)
    if facts is None or not isinstance(found, int | float):
        raise MissingEvidenceError(f"no fact {test['fact']} of {name}")
    number = pd.Series([float(found)])
    return Estimate(number, "", frozenset({facts.path}), seeded=False, source="")


def _item(found: Any, key: str) -> Any:
    """Return the value at a key of a mapping or at an index of a list; None if there is none."""
    if isinstance(found, list | tuple):
        return found[int(key)] if key.isdecimal() and int(key) < len(found) else None
    return found.get(key) if isinstance(found, Mapping) else None
