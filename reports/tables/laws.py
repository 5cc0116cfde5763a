"""Scaling laws fitted to speed-ups: Amdahl, Gustafson and the Universal Scalability Law.

Each law is fitted by least squares of the relative error: of the time (Amdahl, Universal Scalability Law) or of the
speed-up (Gustafson). On that scale all three are linear in their parameters, and points with many workers weigh as much
as points with few. Parameters are bounded below by zero, and shares above by one. The point of one worker holds by
definition and is left out. The 95 % intervals use Student's t and a covariance estimated from the residuals, which hold
both noise and misfit; they are clipped to the bounds of the parameter.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log, sqrt
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

from reports.tables.intervals import t_quantile

Speedups: TypeAlias = "pd.Series[float]"
"""Speed-ups, indexed by number of workers."""

FloatArray: TypeAlias = NDArray[np.float64]

NEGLIGIBLE = 1e-9
"""Coherence below this counts as zero: with a thousand workers it costs less than a thousandth of the time."""


@dataclass(frozen=True)
class Estimate:
    """A parameter of a law with its interval; None where the points do not determine it."""

    value: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class _Fit:
    """The fit of a linear law.

    Attributes
    ----------
    values
        The parameters.
    covariance
        Their covariance; None if there are as many parameters as points.
    most
        Their upper bounds.
    freedom
        Degrees of freedom of the residuals.
    """

    values: FloatArray
    covariance: FloatArray | None
    most: tuple[float, ...]
    freedom: int

    def estimate(self, place: int) -> Estimate:
        value = float(self.values[place])
        if self.covariance is None:
            return Estimate(value)
        half = t_quantile(self.freedom) * sqrt(float(self.covariance[place, place]))
        return Estimate(value, max(value - half, 0.0), min(value + half, self.most[place]))


@dataclass(frozen=True)
class Universal:
    """The Universal Scalability Law fitted to a curve: speed-up n / (1 + σ (n − 1) + κ n (n − 1)).

    Attributes
    ----------
    contention
        σ: the cost of queueing for a resource that one worker at a time can use.
    coherence
        κ: the cost of keeping each pair of workers consistent.
    best_workers
        The number of workers beyond which more are slower; None where coherence is zero.
    """

    contention: Estimate
    coherence: Estimate
    best_workers: Estimate


def karp_flatt(speedups: Speedups) -> Speedups:
    """Return the Karp-Flatt serial share of each point; it is undefined for one worker."""
    n = speedups.index.to_numpy(dtype=float)
    several: Speedups = (1 / speedups - 1 / n).where(n > 1) / np.where(n > 1, 1 - 1 / n, 1)
    return several


def amdahl(speedups: Speedups) -> Estimate:
    """Fit the serial share s of Amdahl's law: with n workers the time is s + (1 − s) / n of that with one."""
    n, s = _points(speedups)
    fit = _fit((s * (1 - 1 / n))[:, None], 1 - s / n, most=(1.0,))
    return fit.estimate(0) if fit else Estimate()


def gustafson(speedups: Speedups) -> Estimate:
    """Fit the serial share s of Gustafson's law: speed-up n − s (n − 1)."""
    n, s = _points(speedups)
    fit = _fit(((n - 1) / s)[:, None], n / s - 1, most=(1.0,))
    return fit.estimate(0) if fit else Estimate()


def universal(speedups: Speedups) -> Universal:
    """Fit the Universal Scalability Law."""
    n, s = _points(speedups)
    design = (s / n * (n - 1))[:, None] * np.column_stack([np.ones_like(n), n])
    fit = _fit(design, 1 - s / n, most=(1.0, inf))
    if fit is None:
        return Universal(Estimate(), Estimate(), Estimate())
    return Universal(fit.estimate(0), fit.estimate(1), _best_workers(fit))


def _points(speedups: Speedups) -> tuple[FloatArray, FloatArray]:
    """Return the numbers of workers and the speed-ups, without the point of one worker."""
    several = speedups[speedups.index > 1]
    return np.asarray(several.index, dtype=float), np.asarray(several, dtype=float)


def _fit(design: FloatArray, target: FloatArray, most: tuple[float, ...]) -> _Fit | None:
    """Fit parameters between zero and `most`; return None if there are more parameters than points."""
    freedom = len(target) - len(most)
    if freedom < 0:
        return None
    found = lsq_linear(design, target, bounds=(0, most), method="bvls")
    covariance = None
    if freedom:
        covariance = 2 * found.cost / freedom * np.linalg.inv(design.T @ design)
    return _Fit(found.x, covariance, most, freedom)


def _best_workers(fit: _Fit) -> Estimate:
    """Return the number of workers with the largest speed-up; its interval is by the delta method on a log scale."""
    contention, coherence = map(float, fit.values)
    if coherence < NEGLIGIBLE:
        return Estimate()
    best = sqrt((1 - contention) / coherence)
    if best <= 1:
        return Estimate(1.0)
    # If the interval of coherence includes zero, the best number of workers has no upper bound.
    if fit.covariance is None or not fit.estimate(1).lower:
        return Estimate(best)
    gradient = np.array([-1 / (2 * (1 - contention)), -1 / (2 * coherence)])
    half = t_quantile(fit.freedom) * sqrt(float(gradient @ fit.covariance @ gradient))
    ends = np.clip([log(best) - half, log(best) + half], 0.0, -log(NEGLIGIBLE) / 2)
    return Estimate(best, *map(float, np.exp(ends)))
