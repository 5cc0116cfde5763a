"""A model fitted to the speed-ups that a paper prints, and how well it does on those it has not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from msgspec import UNSET
from scipy.optimize import least_squares

from pnncore.model.parameters import MEANINGS, VERSION, Parameter, Parameters, as_json, fitted
from pnncore.model.program import Model, Program
from records.machine import Machine
from records.model import Fit, PublishedSpeed

INSENSITIVE = 1e-3
"""A parameter whose range changes no speed-up by more than this share is not fitted: the points say nothing of it."""


@dataclass(frozen=True)
class Point:
    """A published speed-up.

    Attributes
    ----------
    machine
        On which machine.
    workers
        With how many workers.
    speedup
        One worker's time over theirs.
    where
        Where the paper prints it.
    one_worker
        The seconds of one worker, if the paper prints them.
    """

    machine: Machine
    workers: int
    speedup: float
    where: str
    one_worker: float | None

    @classmethod
    def from_config(
        cls,
        entry: PublishedSpeed,
        machines: Mapping[str, Machine],
        one_worker: Mapping[str, float],
    ) -> Point:
        """Read a point that a paper prints as a speed-up, as a share of time saved, or as seconds."""
        seconds = one_worker.get(entry.hardware)
        if entry.speedup is not UNSET:
            speedup = entry.speedup
        elif entry.time_reduction is not UNSET:
            speedup = 1 / (1 - entry.time_reduction)
        elif entry.seconds is not UNSET:
            speedup = one_worker[entry.hardware] / entry.seconds
        return cls(machines[entry.hardware], entry.workers, speedup, entry.where, seconds)

    def predicted(self, program: Program, parameters: Parameters) -> float:
        """Return the model's speed-up."""
        return Model(program, self.machine, parameters, self.one_worker).speedup(self.workers)


def fit(spec: Fit, program: Program) -> dict[str, Any]:
    """Fit a paper's model to all its points, and to all but each.

    Parameters
    ----------
    spec
        The paper's model, and its machines.
    program
        What stands for the paper's own: see `pnncore.model.program.Program.of_paper`.

    Returns
    -------
    dict
        Model record: see docs/architecture.md.
    """
    one_worker = {entry.hardware: entry.seconds for entry in spec.one_worker}
    points = [Point.from_config(entry, spec.machines, one_worker) for entry in spec.points]
    names = spec.parameters
    start = starting_values(names, program)
    best = _fit(points, names, start, program)
    rows = []
    for place, point in enumerate(points):
        others = points[:place] + points[place + 1 :]
        blind = _fit(others, names, start, program)
        rows.append(
            {
                "hardware": point.machine.name,
                "workers": point.workers,
                "observed": point.speedup,
                "predicted": point.predicted(program, best),
                "left_out": point.predicted(program, blind),
                "where": point.where,
            }
        )
    return {
        "record": "model",
        "version": VERSION,
        "paper": spec.paper,
        "timing": spec.timing,
        "variant": spec.variant,
        "merges": spec.merges,
        "one_worker": {
            entry.hardware: {"seconds": entry.seconds, "where": entry.where}
            for entry in spec.one_worker
        },
        "parameters": as_json(best),
        "points": rows,
    }


def starting_values(names: Sequence[str], program: Program) -> dict[str, Parameter]:
    """Return the parameters before any fit: the defaults, and none of what is to be fitted besides."""
    start = {name: Parameter(0.0, "default") for name in names}
    return {**start, **program.defaults()}


def _fit(
    points: Sequence[Point], names: Sequence[str], start: Parameters, program: Program
) -> dict[str, Parameter]:
    """Return the parameters of least squared relative error; those that the points cannot fix stay as they are."""
    chosen = [name for name in names if _matters(name, points, start, program)][: len(points)]
    if not chosen:
        return dict(start)
    lower, upper = zip(*(MEANINGS[name].bounds for name in chosen), strict=True)

    def errors(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[float]:
        parameters = fitted(start, dict(zip(chosen, map(float, values), strict=True)))
        return [_error(point, parameters, program) for point in points]

    # From the middle of what is likely: at a bound, such as no merging at all, a slope may vanish.
    guess = np.clip([start[name].value or 0.05 for name in chosen], lower, upper)
    found = least_squares(
        errors, guess, bounds=(lower, upper), x_scale="jac", ftol=1e-12, xtol=1e-12
    )
    return fitted(start, dict(zip(chosen, map(float, found.x), strict=True)))


def _error(point: Point, parameters: Parameters, program: Program) -> float:
    return float(np.log(point.predicted(program, parameters) / point.speedup))


def _matters(name: str, points: Sequence[Point], start: Parameters, program: Program) -> bool:
    """Tell whether any point depends on a parameter."""
    low, high = MEANINGS[name].bounds
    low, high = max(low, 1e-3), min(high, low + 0.5)
    ends = [fitted(start, {name: value}) for value in (low, high)]
    return any(
        abs(_error(point, ends[0], program) - _error(point, ends[1], program)) > INSENSITIVE
        for point in points
    )
