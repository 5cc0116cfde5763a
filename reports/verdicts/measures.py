"""Measures: functions that reduce the curve of one seed to one number.

Adding a measure takes one function, one line of `MEASURES` and one test.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.verdicts.curve import MissingEvidenceError

Line: TypeAlias = "pd.Series[float]"
"""The curve of one seed: values indexed by the points of the axis."""

FloatArray: TypeAlias = NDArray[np.float64]


def value(line: Line, at: Any) -> float:
    """Return the value at a point of the axis."""
    if at not in line.index:
        raise MissingEvidenceError(f"no value at {line.index.name} {at}")
    return float(line.loc[at])


def rise(line: Line) -> float:
    """Return the last value minus the first."""
    _need_two(line, "a rise")
    return float(line.iloc[-1] - line.iloc[0])


def mean(line: Line) -> float:
    """Return the mean over the points."""
    return float(line.mean())


def minimum(line: Line) -> float:
    """Return the smallest value."""
    return float(line.min())


def maximum(line: Line) -> float:
    """Return the largest value."""
    return float(line.max())


def spread(line: Line) -> float:
    """Return the largest value minus the smallest."""
    _need_two(line, "a spread")
    return float(line.max() - line.min())


def share_above(line: Line, threshold: float) -> float:
    """Return the share of the points whose value is above a threshold."""
    return float((line > threshold).mean())


def first_reaching(line: Line, threshold: float) -> float:
    """Return the first point whose value is at least a threshold; infinity if there is none."""
    reached = line.index[line >= threshold]
    return float(reached[0]) if len(reached) else math.inf


def rank_correlation(line: Line) -> float:
    """Return Spearman's rank correlation of the values with the order of the points."""
    if len(line) < 2 or line.nunique() < 2:
        raise MissingEvidenceError("a rank correlation needs two different values")
    ranks = line.rank().to_numpy()
    # Without rounding, a perfect order would not be exactly 1.
    return round(float(np.corrcoef(np.arange(len(line)), ranks)[0, 1]), 12)


def log_slope(line: Line) -> float:
    """Return the slope of a straight line through log(value) against log(point): -1 for values of 1/n."""
    _need_two(line, "a slope")
    points = np.log(line.index.to_numpy(dtype=float))
    return float(np.polyfit(points, np.log(line.to_numpy(dtype=float)), 1)[0])


def lead(line: Line, at: Any) -> float:
    """Return the value at a point minus the largest of all others: positive if that point is the best."""
    _need_two(line, "a lead")
    return value(line, at) - float(line.drop(at).max())


def largest_fall(line: Line) -> float:
    """Return the largest fall from one point to the next; negative if the value never falls."""
    _need_two(line, "a fall")
    return float(-line.diff().min())


def unsteadiness(line: Line) -> float:
    """Return the standard deviation of the changes from one point to the next."""
    if len(line) < 3:
        raise MissingEvidenceError(
            f"an unsteadiness needs values at three or more points of the {line.index.name} axis"
        )
    return float(line.diff().std())


def line_fit(line: Line) -> float:
    """Return the share of the values' variance (R²) that a straight line explains."""
    return _explained(_points(line), line.to_numpy(dtype=float))


def exponential_fit(line: Line) -> float:
    """Return the share of the log values' variance that an exponential curve explains."""
    return _explained(_points(line), np.log(line.to_numpy(dtype=float)))


def power_fit(line: Line) -> float:
    """Return the share of the log values' variance that a power law explains."""
    return _explained(np.log(_points(line)), np.log(line.to_numpy(dtype=float)))


def knee(line: Line) -> float:
    """Return the value where a rising curve flattens: at the point farthest above the line between its ends."""
    x, y = np.asarray(line.index, dtype=float), np.asarray(line, dtype=float)
    return float(y[np.argmax(_unit(y) - _unit(x))])


def _unit(numbers: FloatArray) -> FloatArray:
    """Return the distance of each number from the first, in units of their range."""
    scaled: FloatArray = (numbers - numbers[0]) / (np.ptp(numbers) or 1.0)
    return scaled


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
        raise MissingEvidenceError(
            f"{what} needs values at two or more points of the {line.index.name} axis"
        )


@dataclass(frozen=True)
class Measure:
    """A measure: its function, and which unit its result has.

    `unit` is ``value``, ``difference``, ``axis`` or ``none``; `bounds` are what its result cannot be beyond.
    """

    function: Callable[..., float]
    unit: str = "value"
    bounds: tuple[float, float] = (-math.inf, math.inf)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments after the curve."""
        return tuple(inspect.signature(self.function).parameters)[1:]


SHARE: Final = (0.0, 1.0)

MEASURES: dict[str, Measure] = {
    "value": Measure(value),
    "rise": Measure(rise, unit="difference"),
    "mean": Measure(mean),
    "minimum": Measure(minimum),
    "maximum": Measure(maximum),
    "spread": Measure(spread, unit="difference"),
    "knee": Measure(knee),
    "share_above": Measure(share_above, unit="none", bounds=SHARE),
    "rank_correlation": Measure(rank_correlation, unit="none", bounds=(-1, 1)),
    "log_slope": Measure(log_slope, unit="none"),
    "first_reaching": Measure(first_reaching, unit="axis"),
    "lead": Measure(lead, unit="difference"),
    "largest_fall": Measure(largest_fall, unit="difference"),
    "unsteadiness": Measure(unsteadiness, unit="difference"),
    "line_fit": Measure(line_fit, unit="none", bounds=SHARE),
    "exponential_fit": Measure(exponential_fit, unit="none", bounds=SHARE),
    "power_fit": Measure(power_fit, unit="none", bounds=SHARE),
}
"""The measures by their names in the configuration."""
