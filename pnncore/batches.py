"""Batches: the members of each kind of collection, with identities and the calls that make them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import convert, structs, to_builtins

from pnncore import jobs
from pnncore.collection import Member, read_only_member
from pnncore.made_of import MadeOf
from pnncore.store import Store
from pnncore.timing import affinity, hardware
from pnncore.timing.environment import host as describe_host
from records.job import (
    CalibrationRepeat,
    Examination,
    Gallery,
    HostCalibration,
    Repeat,
    Run,
)
from records.kinds.calibration import (
    CalibrationRecord,
    HostCalibrationRecord,
    NamedCalibrationRecord,
)
from records.kinds.gallery import GalleryRecord
from records.kinds.kind import Kind
from records.kinds.model import ModelRecord
from records.kinds.prediction import PredictionRecord
from records.kinds.property import PropertyRecord
from records.kinds.repeat import RepeatRecord
from records.kinds.run import RunRecord
from records.machine import HOST, Machine
from records.model import Fit, Predictions

if TYPE_CHECKING:
    from pnncore.model.costs import Calibration

NAMES: Final = ("paper", "experiment", "variant")
"""Keys of a variant's names, on which no number depends."""

Json = Mapping[str, Any]

# Models and galleries import their modules when they are made, so that training does not load SciPy.


def runs(made: MadeOf, data: Path, store: Store, backend: str, at_once: int) -> Iterator[Member]:
    """Yield the runs of a variant: every number of workers with every seed.

    Parameters
    ----------
    made
        Ingredients; their ``spec`` is the specification of the runs.
    data
        Folder of the prepared dataset.
    store
        The store of records, in which interrupted runs keep checkpoints.
    backend, at_once
        Joblib's backend, and number of workers that run at the same time.
    """
    labels, settings = _split_names(made["spec"])
    seeds = settings.pop("seeds")
    for workers in settings["workers"]:
        for seed in seeds:
            spec: dict[str, Any] = {**settings, "workers": workers, "seed": seed}
            identity = _identity("run", made, spec)
            kept = store.path(identity)
            checkpoint = kept.with_name(f".{kept.stem}.checkpoint")
            yield Member(
                _about(RunRecord, labels, spec),
                partial(jobs.train, convert(spec, Run), data, checkpoint, backend, at_once),
                identity,
                labels,
            )


def repeats(made: MadeOf, data: Path) -> Iterator[Member]:
    """Yield one repeat of a variant's timings, for each machine that this host can represent; see `runs`."""
    labels, settings = _split_names(made["spec"])
    for machine, cores in settings["hardware"].items():
        if not has_cores(cores):
            continue
        for workers in settings["workers"]:
            spec = {**settings, "workers": workers, "hardware": machine, "cores": cores}
            yield Member(
                _about(RepeatRecord, labels, spec),
                partial(jobs.time, convert(spec, Repeat), data),
                _identity("repeat", made, spec, machine=_machine()),
                labels,
            )


def calibration(made: MadeOf, data: Path) -> Iterator[Member]:
    """Yield one repeat of the calibration of a variant; see `runs`."""
    labels, spec = _split_names(made["spec"])
    yield Member(
        _about(CalibrationRecord, labels, spec),
        partial(jobs.calibrate, convert(spec, CalibrationRepeat), data),
        _identity("calibration", made, spec, machine=_machine()),
        labels,
    )


def host_calibration(made: MadeOf) -> Iterator[Member]:
    """Yield one repeat of the calibration of this host; see `runs`."""
    spec = made["spec"]
    yield Member(
        HostCalibrationRecord.about_of({"spec": spec}),
        partial(jobs.calibrate_host, convert(spec, HostCalibration)),
        _identity("calibration", made, spec, machine=_machine()),
    )


def examination(made: MadeOf, data: Path) -> Iterator[Member]:
    """Yield the examination of a property, identified by the machine, too, because some measure times; see `runs`."""
    spec = made["spec"]
    yield Member(
        PropertyRecord.about_of(spec),
        partial(jobs.examine, convert(spec, Examination), data),
        _identity("property", made, spec, machine=_machine()),
    )


def model(made: MadeOf) -> Iterator[Member]:
    """Yield the model of a paper's own program, fitted to published speed-ups on the basis of calibrations."""
    from pnncore.model.fit import fit
    from pnncore.model.program import Program

    spec = convert(made["spec"], Fit)

    def make() -> ModelRecord:
        program = Program.of_paper(_calibration(spec.calibration, spec.host), spec.merges)
        return fit(spec, program)

    yield Member(ModelRecord.about_of(made["spec"]), make)


def predictions(made: MadeOf) -> Iterator[Member]:
    """Yield the predictions of every calibrated variant of a study on every machine.

    The variant of the paper's own program is predicted by the paper's fitted model on the paper's machines.
    """
    spec = convert(made["spec"], Predictions)
    machines = {HOST: None, **spec.machines}
    for timed, paths in spec.calibrations.items():
        experiment, variant = timed.split("/")
        names = {"paper": spec.study, "experiment": experiment, "variant": variant}
        for name, machine in machines.items():
            own = spec.model if spec.model and spec.model.stands_for(timed, name) else None
            yield Member(
                PredictionRecord.about_of({"spec": names, "hardware": name}),
                partial(_predict, paths, spec.host, machine, own.path if own else None),
            )


def pictures(made: MadeOf, data: Path) -> Iterator[Member]:
    """Yield the gallery of a dataset."""
    from pnncore.data.class_images import gallery

    spec = convert(made["spec"], Gallery)

    def make() -> GalleryRecord:
        return gallery(jobs.load_checked(data, spec), spec.names)

    yield Member(GalleryRecord.about_of(made["spec"]), make)


def _predict(
    variant: Sequence[str], host: Sequence[str], machine: Machine | None, fitted: str | None
) -> PredictionRecord:
    from pnncore.model.prediction import predict

    calibration = _calibration(variant, host)
    return predict(
        calibration,
        # On this host, costs are measured and not scaled by the clock.
        machine or structs.replace(calibration.first.machine, clock_ghz=None),
        None if fitted is None else read_only_member(Path(fitted), ModelRecord),
    )


def _calibration(variant: Sequence[str], host: Sequence[str]) -> Calibration:
    """Read the repeats of the calibrations of a variant and of the host."""
    from pnncore.model.costs import Calibration

    return Calibration(
        [read_only_member(Path(path), NamedCalibrationRecord) for path in variant],
        [read_only_member(Path(path), HostCalibrationRecord) for path in host],
    )


def _machine() -> Json:
    """Describe this machine, for the identity of what holds for it alone."""
    described: Json = to_builtins(describe_host())
    return described


def has_cores(cores: int | None) -> bool:
    """Return whether a timing can be confined to `cores` cores of this host; None is all of them."""
    return cores is None or (affinity.is_supported() and cores <= hardware.host().cores)


def _split_names(spec: Json) -> tuple[dict[str, str], dict[str, Any]]:
    """Split a specification into names and settings."""
    labels = {key: spec[key] for key in NAMES}
    return labels, {key: value for key, value in spec.items() if key not in NAMES}


def _about(kind: type[Kind], labels: Mapping[str, str], spec: Json) -> str:
    return kind.about_of({"spec": {**labels, **spec}})


def _identity(kind: str, made: MadeOf, spec: Json, **more: Any) -> dict[str, Any]:
    return {"kind": kind, **made, "spec": spec, **more}
