"""Parameters of several workers made into those of one network."""

from __future__ import annotations

from pnncore.arrays import Floats
from pnncore.kernels.compiled import exact


@exact
def copy(source: Floats, target: Floats) -> None:
    """Copy parameters."""
    for j in range(source.shape[0]):
        target[j] = source[j]


@exact
def average(workers: Floats, count: int, merged: Floats, low: int, high: int) -> None:
    """Write the mean of the first `count` workers' parameters `low` to `high`.

    The sum runs in float64 and in the workers' order, so that it does not depend on who was first.

    Parameters
    ----------
    workers
        Shape (workers, parameters).
    count
        How many workers take part.
    merged
        Shape (parameters,).
    low, high
        Which parameters are written.
    """
    for j in range(low, high):
        total = 0.0
        for w in range(count):
            total += workers[w, j]
        merged[j] = total / count


@exact
def add_changes(
    workers: Floats, count: int, start: Floats, merged: Floats, low: int, high: int
) -> None:
    """Write where all of the first `count` workers' changes lead from where they started.

    The first worker's parameters stand for themselves: so one worker alone is copied to the last bit.

    Parameters
    ----------
    workers, count, merged, low, high
        See `average`.
    start
        Where every worker started, shape (parameters,); may be `merged` itself.
    """
    for j in range(low, high):
        total = float(workers[0, j])
        for w in range(1, count):
            total += workers[w, j] - start[j]
        merged[j] = total
