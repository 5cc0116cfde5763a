"""Merging of several workers' parameters into those of one network."""

from __future__ import annotations

from pnncore.arrays import Floats
from pnncore.kernels.compiled import exact

PART = 2048
"""Parameters merged at a time, so that their sums stay in the fastest cache."""


@exact
def copy(source: Floats, target: Floats) -> None:
    """Copy parameters."""
    for j in range(source.shape[0]):
        target[j] = source[j]


@exact
def average(workers: Floats, count: int, merged: Floats, low: int, high: int, sums: Floats) -> None:
    """Write the mean of the first `count` workers' parameters `low` to `high`.

    The sum is computed in float64 and in the workers' order, so that it does not depend on which worker is first.

    Parameters
    ----------
    workers
        Shape (workers, parameters).
    count
        Number of workers to merge.
    merged
        Shape (parameters,).
    low, high
        Range of the parameters to write.
    sums
        Buffer of `PART` float64.
    """
    for start in range(low, high, PART):
        stop = min(start + PART, high)
        target, total = merged[start:stop], sums[: stop - start]
        total[:] = 0
        for w in range(count):
            row = workers[w, start:stop]
            for j in range(total.shape[0]):
                total[j] += row[j]
        for j in range(total.shape[0]):
            target[j] = total[j] / count


@exact
def add_changes(
    workers: Floats,
    count: int,
    start_from: Floats,
    merged: Floats,
    low: int,
    high: int,
    sums: Floats,
) -> None:
    """Write the starting parameters plus the sum of the first `count` workers' changes (Ott).

    The first worker's parameters are the first term of the sum, so that a single worker is copied bit for bit.

    Parameters
    ----------
    workers, count, merged, low, high, sums
        See `average`.
    start_from
        Parameters that every worker started from, shape (parameters,); may be `merged` itself.
    """
    for start in range(low, high, PART):
        stop = min(start + PART, high)
        target, total, origin = merged[start:stop], sums[: stop - start], start_from[start:stop]
        total[:] = 0
        for w in range(count):
            row = workers[w, start:stop]
            for j in range(total.shape[0]):
                total[j] += row[j] - (origin[j] if w > 0 else 0)
        for j in range(total.shape[0]):
            target[j] = total[j]


@exact
def add_shares(
    workers: Floats,
    divisors: Floats,
    start_from: Floats,
    merged: Floats,
    low: int,
    high: int,
    sums: Floats,
) -> None:
    """Write the starting parameters plus the workers' changes, each divided by a number of its own.

    The parameters of the worker with the divisor 1 are the first term of the sum, so that a single worker is copied
    bit for bit.

    Parameters
    ----------
    workers, merged, low, high, sums
        See `average`.
    divisors
        Of the workers to merge, shape (workers to merge,); exactly one of them is 1.
    start_from
        See `add_changes`.
    """
    for start in range(low, high, PART):
        stop = min(start + PART, high)
        target, total, origin = merged[start:stop], sums[: stop - start], start_from[start:stop]
        total[:] = 0
        for w in range(divisors.shape[0]):
            row, divisor = workers[w, start:stop], divisors[w]
            for j in range(total.shape[0]):
                if divisor == 1:
                    total[j] += row[j]
                else:
                    total[j] += (row[j] - origin[j]) / divisor
        for j in range(total.shape[0]):
            target[j] = total[j]
