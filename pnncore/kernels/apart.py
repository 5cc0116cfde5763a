"""Sums over networks that lie apart in memory, which are read once, and not copied side by side before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numba import types
from numba.extending import intrinsic

from pnncore.arrays import Floats, Indices, make_aligned
from pnncore.kernels.compiled import exact
from pnncore.kernels.vectors import Emitted

PART: Final = 4096
"""Parameters added up at a time, so that their sums stay in the fastest caches."""

TOGETHER: Final = 4
"""Networks read side by side: one alone waits for the memory, and reads its sums again."""


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
    # Four at a time: of what is missing, the first counts nothing.
    padding = -len(networks) % TOGETHER
    addresses = np.array([each.ctypes.data for each in (*networks, *[first] * padding)], np.intp)
    found = make_aligned(first.shape, first.dtype)
    shares = np.concatenate([weights, np.zeros(padding)])
    _add_up(addresses, shares, divisor, found, np.empty(PART))
    return found


@exact
def _add_up(
    addresses: Indices, weights: Floats, divisor: float, merged: Floats, sums: Floats
) -> None:
    for start in range(0, merged.shape[0], PART):
        target = merged[start : start + PART]
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
