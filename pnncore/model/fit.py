"""Fit of a model to published speed-ups, with predictions of points that are held out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from pnncore.model import baselines
from pnncore.model.holdout import holdouts
from pnncore.model.parameters import MEANINGS, Parameter, Parameters, fitted, recorded
from pnncore.model.point import Point
from pnncore.model.program import Program
from pnncore.model.unseen import predict_unseen
from records.kinds import model
from records.kinds.model import ModelRecord, Predictions, PrintedTime, Test
from records.model import Fit

INSENSITIVE = 1e-3
"""A parameter is fitted only if its range changes some logarithm of a speed-up by more than this."""


def fit(spec: Fit, program: Program) -> ModelRecord:
    """Fit a paper's model to all its points, and to what each test of it leaves: see `holdouts`.

    Parameters
    ----------
    spec
        The paper's model, with its machines.
    program
        Model of the paper's own program: see `pnncore.model.program.Program.of_paper`.
    """
    one_worker = {entry.hardware: entry.seconds for entry in spec.one_worker}
    points = [Point.from_config(entry, spec.machines, one_worker) for entry in spec.points]
    names = spec.parameters
    start = starting_values(names, program)
    best = _fit(points, names, start, program)
    blind = predict_blind(points, names, start, program)
    return ModelRecord(
        paper=spec.paper,
        timing=spec.timing,
        variant=spec.variant,
        merges=spec.merges,
        one_worker={
            entry.hardware: PrintedTime(seconds=entry.seconds, where=entry.where)
            for entry in spec.one_worker
        },
        parameters=recorded(best),
        points=tuple(
            model.Point(
                hardware=point.machine.name,
                workers=point.workers,
                observed=point.speedup,
                predicted=point.predicted(program, best),
                blind=blind[point],
                where=point.where,
            )
            for point in points
        ),
        unseen=tuple(predict_unseen(spec, points, program, start, best)),
    )


def predict_blind(
    points: Sequence[Point], names: Sequence[str], start: Parameters, program: Program
) -> dict[Point, dict[Test, Predictions]]:
    """Return what the model and the baselines, fitted without a point, predict for it: by point and test."""
    found: dict[Point, dict[Test, Predictions]] = {point: {} for point in points}
    for test, held, seen in holdouts(points):
        parameters = _fit(seen, names, start, program)
        for point in held:
            found[point][test] = {
                "model": point.predicted(program, parameters),
                "unfitted": point.predicted(program, start),
                **dict(baselines.predict(seen, point.machine, point.workers)),
            }
    return found


def starting_values(names: Sequence[str], program: Program) -> dict[str, Parameter]:
    """Return the parameters before a fit: the program's defaults, and 0 for all others in `names`."""
    start = {name: Parameter(0.0, "default") for name in names}
    return {**start, **program.defaults()}


def _fit(
    points: Sequence[Point], names: Sequence[str], start: Parameters, program: Program
) -> dict[str, Parameter]:
    """Fit the parameters by least squared relative error; those without effect on the points keep their start."""
    chosen = [name for name in names if _is_sensitive(name, points, start, program)][: len(points)]
    if not chosen:
        return dict(start)
    lower, upper = zip(*(MEANINGS[name].bounds for name in chosen), strict=True)

    def errors(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[float]:
        parameters = fitted(start, dict(zip(chosen, map(float, values), strict=True)))
        return [_error(point, parameters, program) for point in points]

    # Start inside the bounds: at a bound, such as no merging, a slope may vanish.
    guess = np.clip([start[name].value or 0.05 for name in chosen], lower, upper)
    found = least_squares(
        errors, guess, bounds=(lower, upper), x_scale="jac", ftol=1e-12, xtol=1e-12
    )
    return fitted(start, dict(zip(chosen, map(float, found.x), strict=True)))


def _error(point: Point, parameters: Parameters, program: Program) -> float:
    return float(np.log(point.predicted(program, parameters) / point.speedup))


def _is_sensitive(name: str, points: Sequence[Point], start: Parameters, program: Program) -> bool:
    """Return whether any point depends on a parameter."""
    low, high = MEANINGS[name].bounds
    low, high = max(low, 1e-3), min(high, low + 0.5)
    ends = [fitted(start, {name: value}) for value in (low, high)]
    return any(
        abs(_error(point, ends[0], program) - _error(point, ends[1], program)) > INSENSITIVE
        for point in points
    )
