"""Sums over networks that lie apart in memory, which are read once, and not copied side by side before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numba import types
from numba.extending import intrinsic

from pnncore.arrays import Floats, Indices, empty_aligned
from pnncore.kernels.compiled import exact
from pnncore.kernels.vectors import Emitted

PART: Final = 4096
"""Parameters added up at a time, so that their sums stay in the fastest caches."""

TOGETHER: Final = 4
"""Networks read side by side: one alone waits for the memory, and reads its sums again."""


class Terms(NamedTuple):
    """The terms of a sum over networks, made by `terms_of`.

    Attributes
    ----------
    addresses
        Where the networks lie, shape (networks rounded up to a multiple of `TOGETHER`,).
    weights
        Their weights, float64, of the same shape.
    """

    addresses: Indices
    weights: Floats


def _instructions(_typing: Any, address: Any, like: Any) -> Emitted:
    """Emit `_pointer`: an address as a pointer to numbers of an array's type."""
    pointer: Any = types.CPointer(like.dtype)  # type: ignore[no-untyped-call]

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(pointer))

    return pointer(types.intp, like), generate


_pointer: Callable[..., Any] = intrinsic(_instructions)


def weighted_sum(networks: Sequence[Floats], weights: Floats, divisor: float) -> Floats:
    """Return Σ weight·network / divisor, computed in float64 and in the networks' order.

    Parameters
    ----------
    networks
        Parameters of each, of one length and type, shape (parameters,).
    weights
        Shape (networks,), float64.
    divisor
        What the sum is divided by.

    Raises
    ------
    ValueError
        If numbers of a network do not lie side by side, networks differ in length or type, or there is not a weight for
        each.
    """
    first = networks[0]
    alike = all(
        each.shape == (first.size,) and each.dtype == first.dtype and each.flags.c_contiguous
        for each in networks
    )
    if not alike or weights.shape != (len(networks),):
        raise ValueError(
            "networks to add up must be whole arrays of one length and type, with a weight each"
        )
    found = empty_aligned(first.shape, first.dtype)
    add_up(terms_of(networks, weights), divisor, found, 0, first.size, np.empty(PART))
    return found


def terms_of(networks: Sequence[Floats], weights: Floats) -> Terms:
    """Return the terms of a sum: networks, four at a time, by their weights; of what is missing, the first by zero."""
    missing = -len(networks) % TOGETHER
    padded = (*networks, *[networks[0]] * missing)
    addresses = np.array([each.ctypes.data for each in padded], np.intp)
    return Terms(addresses, np.concatenate([weights, np.zeros(missing)]))


@exact
def add_up(
    terms: Terms,
    divisor: float,
    merged: Floats,
    low: int,
    high: int,
    sums: Floats,
) -> None:
    """Write Σ weight·network / divisor of parameters `low` to `high`.

    Parameters
    ----------
    terms
        The networks, which must not be deleted before.
    divisor
        What the sum is divided by.
    merged
        Shape (parameters,), of the networks' type.
    low, high
        Range of the parameters to write.
    sums
        Buffer of `PART` float64.
    """
    addresses, weights = terms
    for start in range(low, high, PART):
        target = merged[start : min(start + PART, high)]
        total, offset = sums[: target.shape[0]], start * merged.itemsize
        total[:] = 0
        for n in range(0, addresses.shape[0], TOGETHER):
            a = _pointer(addresses[n] + offset, merged)
            b = _pointer(addresses[n + 1] + offset, merged)
            c = _pointer(addresses[n + 2] + offset, merged)
            d = _pointer(addresses[n + 3] + offset, merged)
            p, q, r, s = weights[n], weights[n + 1], weights[n + 2], weights[n + 3]
            for j in range(total.shape[0]):
                total[j] = (((total[j] + p * a[j]) + q * b[j]) + r * c[j]) + s * d[j]
        for j in range(total.shape[0]):
            target[j] = total[j] / divisor
