"""What a claim is tested by: one number a seed, taken off a curve.

A test is a small tree. Its leaves take a measure off a curve, or name a fact of a dataset or of a property;
`difference`, `ratio` and `product` combine two tests seed by seed. Adding a measure takes one function, one line of
`MEASURES` and one test.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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

Line: TypeAlias = "pd.Series[float]"
"""The curve of one seed: values by the points of the axis."""

FloatArray: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """What a test found.

    Attributes
    ----------
    numbers
        One number a seed, by seed; a timing or a fact has one, which rests on no seed.
    unit
        Unit of the numbers; empty for a plain number.
    records
        The files that they come from.
    seeded
        Whether the numbers differ by seed.
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
        """Mean over the seeds."""
        return fmean(self.numbers)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the mean; None for fewer than three seeds or for numbers that are not finite."""
        if not self.seeded or not np.isfinite(self.numbers).all():
            return None
        return t_interval(list(self.numbers))


def evaluate(test: Mapping[str, Any], evidence: Evidence) -> Estimate:
    """Evaluate a test.

    Parameters
    ----------
    test
        The test, as a claim's configuration states it.
    evidence
        The tables.

    Raises
    ------
    MissingEvidenceError
        If what the test needs is not there.
    InputError
        If the test is not stated rightly.
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


def value(line: Line, at: Any) -> float:
    """Value at a point of the axis."""
    if at not in line.index:
        raise MissingEvidenceError(f"no value at {line.index.name} {at}")
    return float(line.loc[at])


def rise(line: Line) -> float:
    """Last value minus first."""
    _need_two(line, "a rise")
    return float(line.iloc[-1] - line.iloc[0])


def mean(line: Line) -> float:
    """Mean over the points."""
    return float(line.mean())


def minimum(line: Line) -> float:
    """Smallest value."""
    return float(line.min())


def maximum(line: Line) -> float:
    """Largest value."""
    return float(line.max())


def spread(line: Line) -> float:
    """Largest value minus smallest."""
    _need_two(line, "a spread")
    return float(line.max() - line.min())


def share_above(line: Line, threshold: float) -> float:
    """Share of the points whose value is above a threshold."""
    return float((line > threshold).mean())


def first_reaching(line: Line, threshold: float) -> float:
    """First point whose value is at least a threshold; infinite if there is none."""
    reached = line.index[line >= threshold]
    return float(reached[0]) if len(reached) else math.inf


def rank_correlation(line: Line) -> float:
    """Spearman's rank correlation of the values with the order of the points."""
    if len(line) < 2 or line.nunique() < 2:
        raise MissingEvidenceError("a rank correlation needs two different values")
    ranks = line.rank().to_numpy()
    # Rounding errors would keep a perfect order from being exactly 1.
    return round(float(np.corrcoef(np.arange(len(line)), ranks)[0, 1]), 12)


def log_slope(line: Line) -> float:
    """Slope of a straight line through logarithm of value against logarithm of point: -1 where n takes 1/n."""
    _need_two(line, "a slope")
    points = np.log(line.index.to_numpy(dtype=float))
    return float(np.polyfit(points, np.log(line.to_numpy(dtype=float)), 1)[0])


def lead(line: Line, at: Any) -> float:
    """Value at a point of the axis less the largest of all others: positive where that point is the best."""
    _need_two(line, "a lead")
    return value(line, at) - float(line.drop(at).max())


def largest_fall(line: Line) -> float:
    """How far the value falls most from a point to the next; negative if it never falls."""
    _need_two(line, "a fall")
    return float(-line.diff().min())


def unsteadiness(line: Line) -> float:
    """How much the changes from a point to the next differ: their standard deviation."""
    if len(line) < 3:
        raise MissingEvidenceError(f"an unsteadiness needs values at three {line.index.name}")
    return float(line.diff().std())


def line_fit(line: Line) -> float:
    """Share of the variance (R²) of the values that a straight line explains."""
    return _explained(_points(line), line.to_numpy(dtype=float))


def exponential_fit(line: Line) -> float:
    """Share of the variance of the values' logarithms that an exponential curve explains."""
    return _explained(_points(line), np.log(line.to_numpy(dtype=float)))


def power_fit(line: Line) -> float:
    """Share of the variance of the values' logarithms that a power of the point explains."""
    return _explained(np.log(_points(line)), np.log(line.to_numpy(dtype=float)))


def knee(line: Line) -> float:
    """Value where a rising curve turns flat: the point farthest above the straight line between its ends."""
    x, y = np.asarray(line.index, dtype=float), np.asarray(line, dtype=float)
    return float(y[np.argmax(_unit(y) - _unit(x))])


def _points(line: Line) -> FloatArray:
    points: FloatArray = line.index.to_numpy(dtype=float)
    return points


def _explained(x: NDArray[np.floating[Any]], y: NDArray[np.floating[Any]]) -> float:
    """Return the share of the variance of `y` that a straight line through `x` explains."""
    if len(x) < 3 or np.ptp(y) == 0:
        raise MissingEvidenceError("a fit needs three points, not all of one value")
    return float(np.corrcoef(x, y)[0, 1] ** 2)


def _need_two(line: Line, what: str) -> None:
    if len(line) < 2:
        raise MissingEvidenceError(f"{what} needs values at two {line.index.name} at least")


@dataclass(frozen=True)
class Measure:
    """A measure and the unit of its result: that of the curve's values, of their differences, of its axis, or none."""

    function: Callable[..., float]
    unit: str = "value"

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names of the arguments besides the curve."""
        return tuple(inspect.signature(self.function).parameters)[1:]


MEASURES: dict[str, Measure] = {
    "value": Measure(value),
    "rise": Measure(rise, unit="difference"),
    "mean": Measure(mean),
    "minimum": Measure(minimum),
    "maximum": Measure(maximum),
    "spread": Measure(spread, unit="difference"),
    "knee": Measure(knee),
    "share_above": Measure(share_above, unit="none"),
    "rank_correlation": Measure(rank_correlation, unit="none"),
    "log_slope": Measure(log_slope, unit="none"),
    "first_reaching": Measure(first_reaching, unit="axis"),
    "lead": Measure(lead, unit="difference"),
    "largest_fall": Measure(largest_fall, unit="difference"),
    "unsteadiness": Measure(unsteadiness, unit="difference"),
    "line_fit": Measure(line_fit, unit="none"),
    "exponential_fit": Measure(exponential_fit, unit="none"),
    "power_fit": Measure(power_fit, unit="none"),
}
"""Every measure by its name in the configuration."""


def _measure(test: Mapping[str, Any], evidence: Evidence) -> Estimate:
    curve = _curve(test, evidence)
    measure = MEASURES.get(test["measure"])
    if measure is None:
        raise InputError(f"there is no measure {test['measure']}; there are {', '.join(MEASURES)}")
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
            f"a test by {test['measure']} of {test['of']['experiment']} must say {name}"
        )
    if name != "at":
        return test[name]
    point = _point(curve, test["at"])
    if point == curve.base:
        raise MissingEvidenceError(
            f"a point other than {curve.axis} {point}, which {test['of']['metric']} is measured against"
        )
    return point


def _point(curve: Curve, point: object) -> Any:
    """Return a point of the axis; `cores` is the largest worker count that has a core each."""
    points = curve.lines.index
    if point == "last":
        return points[-1]
    if point != "cores":
        return point
    if curve.cores is None:
        raise InputError("`cores` is a point of timings alone, not of runs")
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
        raise MissingEvidenceError("two different points to compare, which are the same here")
    left, right = first.numbers.align(second.numbers, join="inner")
    with np.errstate(divide="ignore", invalid="ignore"):
        numbers = operation(left, right).dropna()
    if numbers.empty:
        raise MissingEvidenceError("the two compared numbers share no seed or have no ratio")
    return Estimate(
        numbers,
        unit_of(first.unit),
        first.records | second.records,
        seeded=first.seeded,
        source=mixed(first.source, second.source),
    )


def _product(tests: list[Mapping[str, Any]], evidence: Evidence) -> Estimate:
    """Multiply two tests: one may be seeded and the other not, as are epochs and the seconds of one."""
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
    """Return a test with its points found, so that two tests of the same number are equal."""
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
        found = _step(found, key)
    if facts is None or not isinstance(found, int | float):
        raise MissingEvidenceError(f"no fact {test['fact']} of {name}")
    number = pd.Series([float(found)])
    return Estimate(number, "", frozenset({facts.path}), seeded=False, source="")


def _step(found: Any, key: str) -> Any:
    """Go one step into a document: by a name, or by a place in a list."""
    if isinstance(found, list):
        return found[int(key)] if key.isdecimal() and int(key) < len(found) else None
    return found.get(key) if isinstance(found, Mapping) else None


def _unit(numbers: FloatArray) -> FloatArray:
    """Return how far each number is from the first, in units of their range."""
    scaled: FloatArray = (numbers - numbers[0]) / (np.ptp(numbers) or 1.0)
    return scaled
