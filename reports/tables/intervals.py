"""Confidence intervals of means over a few seeds."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, stdev

from scipy.special import stdtrit

CONFIDENCE = 0.95
ENOUGH = 3
"""The least number of values from which a spread is estimated."""
LEAST_FREEDOM = ENOUGH - 1
"""The degrees of freedom that these have."""


def t_interval(values: Sequence[float]) -> tuple[float, float] | None:
    """Return the 95 % confidence interval of a mean by Student's t.

    Parameters
    ----------
    values
        Independent values, one per seed.

    Returns
    -------
    tuple of float, or None
        Lower and upper end; None for fewer than three values.

    Examples
    --------
    >>> low, high = t_interval([1.0, 2.0, 3.0])
    >>> round(low, 3), round(high, 3)
    (-0.484, 4.484)
    """
    n = len(values)
    if n < ENOUGH:
        return None
    half = t_quantile(n - 1) * stdev(values) / n**0.5
    return fmean(values) - half, fmean(values) + half


def t_quantile(freedom: int) -> float:
    """Return the half-width of a 95 % interval, in standard errors.

    Parameters
    ----------
    freedom
        Degrees of freedom.

    Examples
    --------
    >>> round(t_quantile(2), 3)
    4.303
    """
    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2))
