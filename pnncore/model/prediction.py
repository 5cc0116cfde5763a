"""Modelled timings of a variant on a machine, by number of workers."""

from __future__ import annotations

from pnncore.model.parameters import from_record, recorded
from pnncore.model.program import Model, Program
from records.kinds.calibration import HostCalibrationRecord, NamedCalibrationRecord
from records.kinds.model import ModelRecord
from records.kinds.prediction import ModelledTime, OneWorkerTime, PredictionRecord
from records.machine import Machine


def predict(
    variant: NamedCalibrationRecord,
    host: HostCalibrationRecord,
    machine: Machine,
    published: ModelRecord | None = None,
) -> PredictionRecord:
    """Predict a variant's timings on a machine.

    Parameters
    ----------
    variant, host
        Calibration records of the variant and of this host.
    machine
        The machine.
    published
        Model record of the paper, to predict its own program on its own machine; None to predict ours.
    """
    if published is None:
        program = Program.from_calibrations(variant, host)
        parameters, printed = program.defaults(), None
    else:
        program = Program.of_paper(variant, host, published.merges)
        parameters = from_record(published.parameters)
        printed = published.one_worker.get(machine.name)
    model = Model(program, machine, parameters, None if printed is None else printed.seconds)
    one = model.duration(1).seconds
    return PredictionRecord(
        spec=variant.spec,
        hardware=machine.name,
        implementation="ours" if published is None else "paper",
        machine=machine,
        one_worker=OneWorkerTime(
            seconds=one,
            origin="calibrated" if printed is None else "published",
            where=None if printed is None else printed.where,
        ),
        parameters=recorded(parameters),
        timings=tuple(_modelled(model, workers) for workers in variant.spec.workers),
        environment=variant.environment,
    )


def _modelled(model: Model, workers: int) -> ModelledTime:
    duration = model.duration(workers)
    return ModelledTime(
        workers=workers,
        seconds=duration.seconds,
        **duration._asdict(),
        oversubscribed=workers > model.machine.hardware_threads,
    )
