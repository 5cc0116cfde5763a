"""Modelled timings of a variant on a machine, by number of workers."""

from __future__ import annotations

from collections.abc import Sequence

from pnncore.model.costs import Calibration
from pnncore.model.parameters import from_record, recorded
from pnncore.model.program import Model, Program
from records.kinds.model import ModelRecord
from records.kinds.prediction import ModelledTime, OneWorkerTime, PredictionRecord
from records.machine import Machine


def predict(
    calibration: Calibration,
    machine: Machine,
    published: ModelRecord | None = None,
) -> PredictionRecord:
    """Predict a variant's timings on a machine.

    Parameters
    ----------
    calibration
        The variant's calibration, and this host's.
    machine
        The machine.
    published
        Model record of the paper, to predict its own program on its own machine; None to predict ours.
    """
    spec, printed = calibration.modelled, None
    if published is not None:
        printed = published.one_worker.get(machine.name)

    def model_of(basis: Calibration) -> Model:
        if published is None:
            program = Program.of_ours(basis)
            parameters = program.defaults()
        else:
            program = Program.of_paper(basis, published.merges)
            parameters = from_record(published.parameters)
        return Model(program, machine, parameters, None if printed is None else printed.seconds)

    model, singles = model_of(calibration), [model_of(each) for each in calibration.singles()]
    one = model.duration(1).seconds
    return PredictionRecord(
        spec=spec,
        hardware=machine.name,
        implementation="ours" if published is None else "paper",
        machine=machine,
        basis=calibration.basis,
        one_worker=OneWorkerTime(
            seconds=one,
            origin="calibrated" if printed is None else "published",
            where=None if printed is None else printed.where,
        ),
        parameters=recorded(model.parameters),
        timings=tuple(_modelled(model, singles, workers) for workers in spec.workers),
        environment=calibration.first.environment,
    )


def _modelled(model: Model, singles: Sequence[Model], workers: int) -> ModelledTime:
    """Return a modelled time, with the range of the models that rest on single repeats of calibrations."""
    duration = model.duration(workers)
    ranging = [duration.seconds, *(each.duration(workers).seconds for each in singles)]
    return ModelledTime(
        workers=workers,
        seconds=duration.seconds,
        lower=min(ranging),
        upper=max(ranging),
        **duration._asdict(),
        oversubscribed=workers > model.machine.hardware_threads,
    )
