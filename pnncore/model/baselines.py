"""Baselines: predictions of a speed-up that a timing model has to beat."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from pnncore.model.point import Point
from records.kinds.model import Method
from records.machine import Machine


def predict(
    seen: Sequence[Point], machine: Machine, workers: int
) -> Iterator[tuple[Method, float]]:
    """Yield the predictions of the baselines that can be asked for a speed-up.

    Parameters
    ----------
    seen
        The speed-ups that they are fitted to; none of them is the one asked for.
    machine, workers
        The speed-up that is asked for.

    Yields
    ------
    method : str
        Name of the baseline.
    speedup : float
        Its prediction.
    """
    for name, baseline in BASELINES.items():
        speedup = baseline(seen, machine, workers)
        if speedup is not None:
            yield name, speedup


def follow_line(seen: Sequence[Point], machine: Machine, workers: int) -> float | None:
    """Interpolate the speed-ups of the machine, one worker's included, with both axes logarithmic.

    Beyond the last of them the line goes on up to the number of cores, and is level from there: nobody knows that more
    workers than cores go on gaining.

    Returns
    -------
    float or None
        The speed-up; None without a point of the machine.
    """
    known = {1: 1.0, **{each.workers: each.speedup for each in seen if each.machine == machine}}
    if len(known) == 1:
        return None
    counts = sorted(known)
    x, y = np.log(counts), np.log([known[n] for n in counts])
    asked = np.log(min(workers, max(machine.cores, counts[-1])))
    beyond = max(0.0, asked - x[-1]) * (y[-1] - y[-2]) / (x[-1] - x[-2])
    return float(np.exp(np.interp(asked, x, y) + beyond))


def _follow_amdahl(seen: Sequence[Point], asked: int, used: Sequence[int]) -> float | None:
    """Return Amdahl's speed-up of `asked` processors, with the serial share of least squared relative error.

    Parameters
    ----------
    seen
        The speed-ups to fit.
    asked
        The number of processors that is asked for.
    used
        The number of processors of each fitted speed-up.
    """
    speedups, parallel = np.array([each.speedup for each in seen]), 1 / np.array(used)
    # A time relative to the observed one is (p + s (1 - p)) S with the serial share s and p = 1 / processors.
    slopes, rest = speedups * (1 - parallel), 1 - speedups * parallel
    if not slopes.any():
        return None
    serial = np.clip(slopes @ rest / (slopes @ slopes), 0, 1)
    return float(1 / (serial + (1 - serial) / asked))


def _amdahl_on_cores(seen: Sequence[Point], machine: Machine, workers: int) -> float | None:
    return _follow_amdahl(seen, _busy(machine, workers), [_cores_of(each) for each in seen])


def _amdahl_on_workers(seen: Sequence[Point], machine: Machine, workers: int) -> float | None:
    return _follow_amdahl(seen, workers, [each.workers for each in seen])


def _be_ideal(seen: Sequence[Point], machine: Machine, workers: int) -> float:
    return float(_busy(machine, workers))


def _keep_efficiency(seen: Sequence[Point], machine: Machine, workers: int) -> float | None:
    """Multiply the busy cores by the geometric mean of the speed-ups that each gives in what is seen."""
    if not seen:
        return None
    efficiency = np.exp(np.mean([np.log(each.speedup / _cores_of(each)) for each in seen]))
    return float(efficiency * _busy(machine, workers))


def _busy(machine: Machine, workers: int) -> int:
    return min(workers, machine.cores)


def _cores_of(point: Point) -> int:
    return _busy(point.machine, point.workers)


BASELINES: Final[Mapping[Method, Callable[[Sequence[Point], Machine, int], float | None]]] = {
    "line": follow_line,
    "amdahl-cores": _amdahl_on_cores,
    "amdahl-workers": _amdahl_on_workers,
    "ideal": _be_ideal,
    "efficiency": _keep_efficiency,
}
"""The baselines by name: each takes what it is fitted to, a machine and a number of workers."""
