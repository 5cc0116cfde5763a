"""Elastic net: every update shrinks all weights towards zero, biases on request (Wiesinger & Schikuta, eq. 13 to 21).

The row of weights of a pixel of value zero has no gradient and is only shrunk. Its pending updates are applied at once
when the row is next read, because |w| shrinks in a geometric series until it is zero. A negative shrinkage lets weights
grow, in a geometric series, too, as the authors' program does by its sign; a weight of zero has no sign and stays.
"""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats, Indices, Pixels, Real
from pnncore.kernels.compiled import exact


def accumulate_shrinkage(
    shrink: Real, pull: Real, updates: int, dtype: np.dtype
) -> tuple[Floats, Floats]:
    """Return the accumulated shrinkage of 0, 1, … `updates` updates without a gradient.

    Parameters
    ----------
    shrink, pull
        Of one update: see `pnncore.kernels.plan.Rule`.
    updates
        Largest number of pending updates.
    dtype
        Type of the parameters.

    Returns
    -------
    shrinks, pulls
        Shapes (updates + 1,): k updates turn |w| into (1 - shrinks[k])·|w| - pulls[k], or zero if that is negative or
        w is zero. Both are empty if nothing is shrunk.
    """
    if shrink == pull == 0:
        return np.empty(0, dtype), np.empty(0, dtype)
    k = np.arange(updates + 1)
    shrinks = -np.expm1(k * np.log1p(-shrink))
    pulls = pull * (shrinks / shrink if shrink else k)
    return shrinks.astype(dtype), pulls.astype(dtype)


@exact
def shrink_weights(weights: Floats, shrink: Real, pull: Real, low: int, high: int) -> None:
    """Shrink weights `low` to `high` towards zero, not beyond; or let them grow, but for those of zero."""
    part, zero = weights[low:high], weights.dtype.type(0)
    for j in range(part.shape[0]):
        w = part[j]
        moved = w - (shrink * w + (pull if w > 0 else -pull))
        part[j] = moved if moved * w > 0 else zero


@exact
def add_shrunk_rows(
    weights: Floats,
    which: Indices,
    greys: Pixels,
    table: Floats,
    sums: Floats,
    ages: Indices,
    until: int,
    shrinks: Floats,
    pulls: Floats,
    low: int,
    high: int,
) -> None:
    """Apply the pending shrinkage to the listed rows, and add inputs times weights to the sums.

    One pass does both, because a row is not in the fastest cache when its turn comes.

    Parameters
    ----------
    weights
        Shape (pixels, neurons).
    which, greys
        The listed pixels and their grey values, shape (listed,).
    table
        Input of each grey value, shape (256,).
    sums
        Shape (neurons,).
    ages
        Number of updates applied to each row, shape (pixels,); set to `until` for the listed rows.
    until
        Number of updates to apply up to.
    shrinks, pulls
        See `accumulate_shrinkage`.
    low, high
        Range of the neurons.
    """
    part, zero = sums[low:high], weights.dtype.type(0)
    for i in range(which.shape[0]):
        row, x = weights[which[i], low:high], table[greys[i]]
        missed = until - ages[which[i]]
        shrink, pull = shrinks[missed], pulls[missed]
        ages[which[i]] = until
        for j in range(part.shape[0]):
            w = row[j]
            moved = w - (shrink * w + (pull if w > 0 else -pull))
            kept = moved if moved * w > 0 else zero
            row[j] = kept
            part[j] += x * kept
