"""Blind test of a fitted model: what it says of speed-ups that the authors measured and did not print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pnncore.model.baselines import follow_line
from pnncore.model.parameters import Parameters
from pnncore.model.point import Point
from pnncore.model.program import Model, Program
from records.kinds.model import UnseenPoint
from records.model import Fit


def predict_unseen(
    spec: Fit, printed: Sequence[Point], program: Program, start: Parameters, best: Parameters
) -> Iterator[UnseenPoint]:
    """Predict what the fit has not seen, by the model and by what a model has to beat.

    Parameters
    ----------
    spec
        The paper's model, with its machines and what is unseen.
    printed
        The published speed-ups that the model was fitted to.
    program
        Model of the paper's own program.
    start, best
        The parameters before and after the fit. Those before it know of the machine its cores and threads alone:
        shares of serial work and of merging are zero.

    Yields
    ------
    UnseenPoint
        A speed-up over the printed seconds of one worker, which the fit, too, is relative to.
    """
    one_worker = {entry.hardware: entry.seconds for entry in spec.one_worker}
    for each in spec.unseen:
        machine, one = spec.machines[each.hardware], one_worker[each.hardware]
        fitted, unfitted = (Model(program, machine, values, one) for values in (best, start))
        yield UnseenPoint(
            hardware=each.hardware,
            workers=each.workers,
            observed=one / each.seconds,
            lower=one / each.upper,
            upper=one / each.lower,
            predicted={
                "model": fitted.speedup(each.workers),
                # Without a printed point, the line is level at one worker's speed.
                "line": follow_line(printed, machine, each.workers) or 1.0,
                "unfitted": unfitted.speedup(each.workers),
            },
        )
