"""The pace of this host: how long the same work takes on it right now."""

from __future__ import annotations

from statistics import median
from time import perf_counter

import numpy as np

from pnncore.arrays import make_aligned
from pnncore.kernels.probes import add_rows

ROWS, COLUMNS = 784, 256
"""Shape of the weights that are read: about those of the papers' networks, so that they lie in the same caches."""

TIMES = 200
"""Passes over the weights of one reading: some ten milliseconds."""

READINGS = 5


def pace() -> float:
    """Return the seconds that a fixed amount of work takes one thread now.

    A processor is not always equally fast: its clock changes, and on a virtual machine so do the neighbours. What is
    measured at one time can be compared with what is measured at another by the pace of each.

    Returns
    -------
    float
        Median of some readings, in seconds.
    """
    weights = make_aligned((ROWS, COLUMNS), np.float32)
    sums = make_aligned((COLUMNS,), np.float32)
    add_rows(weights, sums, 1)  # Whatever has to be compiled or loaded is.
    readings = []
    for _ in range(READINGS):
        started = perf_counter()
        add_rows(weights, sums, TIMES)
        readings.append(perf_counter() - started)
    return median(readings)
