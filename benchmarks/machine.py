"""What is the limit of one core of this machine?

Two kinds of rates bound an epoch: multiplications and additions per second, from a large matrix product, and bytes per
second to and from the data. Weights are in the core's own cache, and pixels come from memory. Each kind of work has its
bound, and the slowest of them is the limit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numba
import numpy as np

from pnncore.arrays import Floats, Pixels
from pnncore.network.architecture import Architecture

LARGE = 192 * 2**20
"""A number of bytes that fits into no cache."""


@dataclass(frozen=True)
class Work:
    """The least work of an epoch.

    Attributes
    ----------
    flops
        Multiplications and additions, without those on inputs that are zero.
    dense_flops
        The same with zero inputs, as in a matrix product.
    weight_bytes
        Size of the weights and biases.
    cache_bytes
        Bytes of weights read for the outputs, and read and written for each update, without rows whose inputs are zero
        in a whole batch.
    memory_bytes
        Bytes of pixels read.
    """

    flops: float
    dense_flops: float
    weight_bytes: int
    cache_bytes: float
    memory_bytes: int


@dataclass(frozen=True)
class Probe:
    """A run that measures a rate, and its number of operations or bytes."""

    run: Callable[[], object]
    amount: float
    unit: str


@dataclass(frozen=True)
class Limit:
    """The shortest time of an epoch, and the rate that bounds it."""

    seconds: float
    dense_seconds: float
    bound: str
    rates: str


def probes(work: Work) -> dict[str, Probe]:
    """Return the probes of the rates, to be timed in turns with the candidates."""
    return {
        "sgemm": _sgemm(1024),
        "cache": _triad(work.weight_bytes, goes_through=2**28),
        "memory": _triad(LARGE, goes_through=LARGE),
    }


def limit(work: Work, probed: Mapping[str, Probe], seconds: Mapping[str, float]) -> Limit:
    """Return the limit of some work.

    Parameters
    ----------
    work
        The work.
    probed
        The probes of the work.
    seconds
        The time of each probe.
    """
    rates = {name: probe.amount / seconds[name] for name, probe in probed.items()}
    times = {
        "sgemm": work.flops / rates["sgemm"],
        "cache": work.cache_bytes / rates["cache"],
        "memory": work.memory_bytes / rates["memory"],
    }
    bound = max(times, key=lambda name: times[name])
    shown = ", ".join(
        f"{name} {rates[name] / 1e9:.0f} {probed[name].unit}: {times[name]:.3f} s" for name in times
    )
    return Limit(times[bound], work.dense_flops / rates["sgemm"], bound, shown)


def fully_connected(architecture: Architecture, pixels: Pixels, batch: int) -> Work:
    """Count an epoch of a network whose first layer skips inputs that are zero."""
    samples, inputs = pixels.shape
    first = architecture.layers[1]
    zeros = samples * inputs - np.count_nonzero(pixels)
    used = sum(
        np.count_nonzero(pixels[start : start + batch].any(axis=0))
        for start in range(0, samples, batch)
    )
    updates = -(-samples // batch)
    parameters = updates * (architecture.n_parameters - inputs * first) + used * first
    dense = architecture.flops_per_sample * samples
    return Work(
        # A weight of the first layer has one product in the forward pass and one for its gradient.
        flops=dense - 2 * 2 * first * zeros,
        dense_flops=dense,
        weight_bytes=4 * architecture.n_parameters,
        cache_bytes=3 * 4 * parameters,
        memory_bytes=pixels.nbytes,
    )


def _sgemm(size: int) -> Probe:
    rng = np.random.default_rng(0)
    a, b = (rng.standard_normal((size, size), dtype=np.float32) for _ in range(2))
    out = np.empty_like(a)
    return Probe(lambda: np.matmul(a, b, out=out), 2 * size**3, "Gflop/s")


def _triad(size: int, goes_through: int) -> Probe:
    """Return a probe that passes over two arrays, of `size` bytes together, until `goes_through` bytes are covered."""
    n = size // 8
    a, b = (np.ones(n, np.float32) for _ in range(2))
    times = max(1, goes_through // size)
    return Probe(lambda: _run_triad(a, b, np.float32(0.5), times), 12 * n * times, "GB/s")


@numba.njit(nogil=True, cache=True, fastmath={"contract"})
def _run_triad(a: Floats, b: Floats, factor: np.float32, times: int) -> None:
    # In place, as in an update of weights: written data was just read, so there are exactly three transfers.
    for _ in range(times):
        for i in range(a.shape[0]):
            a[i] += factor * b[i]
