"""The laws of scaling, read out of speed-ups: what share of the work stays serial, and what more workers cost.

Each law is fitted by least squares of the relative error, of the time (Amdahl, Universal Scalability Law) or of the
speed-up (Gustafson): on that scale all three are linear in their parameters, and points with many workers weigh as much
as those with few. No parameter is let below zero and no share above one. One worker's own point holds by definition and
says nothing. Intervals are of 95 %, by Student's t and a covariance estimated from how far the points lie off the law,
be it by noise or because the law does not fit, and cut to what the parameter can be.
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
"""Speed-ups by number of workers."""

FloatArray: TypeAlias = NDArray[np.float64]

NEGLIGIBLE = 1e-9
"""Coherence below this costs less than a thousandth of the time with a thousand workers: it is none."""


@dataclass(frozen=True)
class Estimate:
    """A parameter of a law with its interval; None where the points do not tell it."""

    value: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class _Fit:
    """Parameters of a linear law, their covariance (None if no point is left over), and what they can be at most."""

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
    """The Universal Scalability Law of a curve: speed-up n / (1 + σ (n − 1) + κ n (n − 1)).

    Attributes
    ----------
    contention
        σ: what workers lose by queueing for what only one can have at a time.
    coherence
        κ: what each pair of workers loses by keeping up with each other.
    best_workers
        Beyond this many, more workers are slower; None where there is no coherence.
    """

    contention: Estimate
    coherence: Estimate
    best_workers: Estimate


def karp_flatt(speedups: Speedups) -> Speedups:
    """Return the serial share that each point has by itself; that of one worker is not defined."""
    n = speedups.index.to_numpy(dtype=float)
    several: Speedups = (1 / speedups - 1 / n).where(n > 1) / np.where(n > 1, 1 - 1 / n, 1)
    return several


def amdahl(speedups: Speedups) -> Estimate:
    """Return the serial share s of Amdahl's law: time s + (1 − s) / n of one worker's."""
    n, s = _points(speedups)
    fit = _fit((s * (1 - 1 / n))[:, None], 1 - s / n, most=(1.0,))
    return fit.estimate(0) if fit else Estimate()


def gustafson(speedups: Speedups) -> Estimate:
    """Return the serial share s of Gustafson's law: speed-up n − s (n − 1)."""
    n, s = _points(speedups)
    fit = _fit(((n - 1) / s)[:, None], n / s - 1, most=(1.0,))
    return fit.estimate(0) if fit else Estimate()


def universal(speedups: Speedups) -> Universal:
    """Return contention and coherence of the Universal Scalability Law, and the best number of workers."""
    n, s = _points(speedups)
    design = (s / n * (n - 1))[:, None] * np.column_stack([np.ones_like(n), n])
    fit = _fit(design, 1 - s / n, most=(1.0, inf))
    if fit is None:
        return Universal(Estimate(), Estimate(), Estimate())
    return Universal(fit.estimate(0), fit.estimate(1), _best_workers(fit))


def _points(speedups: Speedups) -> tuple[FloatArray, FloatArray]:
    """Return numbers of workers and speed-ups, without one worker."""
    several = speedups[speedups.index > 1]
    return np.asarray(several.index, dtype=float), np.asarray(several, dtype=float)


def _fit(design: FloatArray, target: FloatArray, most: tuple[float, ...]) -> _Fit | None:
    """Fit parameters between zero and the most that they can be; None if there are more of them than points."""
    freedom = len(target) - len(most)
    if freedom < 0:
        return None
    found = lsq_linear(design, target, bounds=(0, most), method="bvls")
    covariance = None
    if freedom:
        covariance = 2 * found.cost / freedom * np.linalg.inv(design.T @ design)
    return _Fit(found.x, covariance, most, freedom)


def _best_workers(fit: _Fit) -> Estimate:
    """Return the number of workers at the top of the curve, its interval by the delta method on a logarithmic scale."""
    contention, coherence = map(float, fit.values)
    if coherence < NEGLIGIBLE:
        return Estimate()
    best = sqrt((1 - contention) / coherence)
    if best <= 1:
        return Estimate(1.0)
    # If there may be no coherence at all, nothing bounds the best number of workers.
    if fit.covariance is None or not fit.estimate(1).lower:
        return Estimate(best)
    gradient = np.array([-1 / (2 * (1 - contention)), -1 / (2 * coherence)])
    half = t_quantile(fit.freedom) * sqrt(float(gradient @ fit.covariance @ gradient))
    ends = np.clip([log(best) - half, log(best) + half], 0.0, -log(NEGLIGIBLE) / 2)
    return Estimate(best, *map(float, np.exp(ends)))
