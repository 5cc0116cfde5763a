"""Batches: the records of a collection, with what each is made of and how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, NoReturn

from msgspec import convert

from pnncore import jobs
from pnncore.collection import Member, read_only_member
from pnncore.made_of import MadeOf
from pnncore.model.parameters import VERSION
from pnncore.store import Store
from pnncore.timing import affinity, hardware
from pnncore.timing.environment import host as describe_host
from records.errors import InputError
from records.job import Examination, Gallery, Repeat, Run, VariantCalibration
from records.machine import HOST, Machine
from records.model import Fit, Predictions

NAMES: Final = ("paper", "experiment", "variant")
"""What a variant is called; no number depends on it."""

Json = Mapping[str, Any]

# What models and pictures are made with is imported where they are made: no training shall pay for SciPy.


def runs(
    made: MadeOf, data: Path, store: Store, backend: str, workers_at_once: int
) -> Iterator[Member]:
    """Yield the runs of a variant: every number of workers with every seed.

    Parameters
    ----------
    made
        What they are made of; its ``spec`` is the specification of the runs.
    data
        The prepared dataset.
    store
        Where records are kept, and beside them what interrupted runs go on from.
    backend, workers_at_once
        Joblib's backend, and workers at work at the same time.
    """
    labels, settings = _labelled(made["spec"])
    seeds = settings.pop("seeds")
    for workers in settings["workers"]:
        for seed in seeds:
            spec: dict[str, Any] = {**settings, "workers": workers, "seed": seed}
            identity = _identity("run", made, spec)
            kept = store.path(identity)
            checkpoint = kept.with_name(f".{kept.stem}.checkpoint")
            yield Member(
                f"runs/{_place(labels)}/w{workers}/seed{seed}",
                partial(jobs.train, convert(spec, Run), data, checkpoint, backend, workers_at_once),
                identity,
                labels,
            )


def repeats(made: MadeOf, data: Path) -> Iterator[Member]:
    """Yield one repeat of a variant's timings, on each machine that this host can stand for; as `runs`."""
    labels, settings = _labelled(made["spec"])
    number = settings["repeat"]
    for machine, cores in settings["hardware"].items():
        if not _stands_for(cores):
            continue
        for workers in settings["workers"]:
            spec = {**settings, "workers": workers, "hardware": machine, "cores": cores}
            yield Member(
                f"timings/{_place(labels)}/w{workers}/{machine}/repeat{number}",
                partial(jobs.time, convert(spec, Repeat), data),
                _identity("repeat", made, spec, machine=describe_host()),
                labels,
            )


def calibration(made: MadeOf, data: Path, host: Path) -> Member:
    """Return the calibration of a variant, from that of the host; as `runs`."""
    labels, spec = _labelled(made["spec"])
    about = f"calibrations/{_place(labels)}"
    try:
        costs = dict(_costs(host))
    except InputError as error:
        return Member(about, partial(_fail, error))
    return Member(
        about,
        partial(jobs.calibrate, convert(spec, VariantCalibration), data, costs),
        _identity("calibration", made, spec, machine=describe_host(), host=costs),
        labels,
    )


def host_calibration(made: MadeOf) -> Member:
    """Return the calibration of this host; as `runs`."""
    return Member(
        f"calibrations/{HOST}",
        jobs.calibrate_host,
        _identity("calibration", made, {}, machine=describe_host()),
    )


def examination(made: MadeOf, data: Path) -> Member:
    """Return the examination of a property, of which some compare seconds; as `runs`."""
    spec = made["spec"]
    return Member(
        f"properties/{spec['property']}",
        partial(jobs.examine, convert(spec, Examination), data),
        _identity("property", made, spec, machine=describe_host()),
    )


def model(made: MadeOf) -> Member:
    """Return the model of a paper's own program, from what the paper prints and a calibration."""
    from pnncore.model.fit import fit
    from pnncore.model.program import Program

    spec = convert(made["spec"], Fit)

    def make() -> dict[str, Any]:
        program = Program.of_paper(*_calibrations(spec.calibration, spec.host), spec.merges)
        return fit(spec, program)

    return Member(f"models/{spec.paper}", make)


def predictions(made: MadeOf) -> Iterator[Member]:
    """Yield what every calibrated variant of a study would take on every machine.

    The variant that stands for a paper's own program is modelled by the paper's fitted model on the paper's machines.
    """
    spec = convert(made["spec"], Predictions)
    machines = {HOST: None, **spec.machines}
    for variant, path in spec.calibrations.items():
        for name, machine in machines.items():
            own = spec.model if spec.model and spec.model.stands_for(variant, name) else None
            yield Member(
                f"predictions/{spec.study}/{variant}/{name}",
                partial(_predict, path, spec.host, machine, own.path if own else None),
            )


def pictures(made: MadeOf, data: Path) -> Member:
    """Return the gallery of a dataset."""
    from pnncore.data.class_images import gallery

    spec = convert(made["spec"], Gallery)

    def make() -> dict[str, Any]:
        return gallery(jobs.load_checked(data, spec), spec.names)

    return Member(f"gallery/{spec.dataset}", make)


def _predict(
    calibration: str, host: str, machine: Machine | None, fitted: str | None
) -> dict[str, Any]:
    from pnncore.model.prediction import predict

    variant, costs = _calibrations(calibration, host)
    return predict(
        variant,
        costs,
        # What this host's program takes was measured: its clock scales nothing.
        machine or convert({**costs["machine"], "clock_ghz": None}, Machine),
        None if fitted is None else read_only_member(Path(fitted), "model", VERSION),
    )


def _calibrations(variant: str, host: str) -> tuple[Json, Json]:
    return _calibration(Path(variant)), _calibration(Path(host))


def _calibration(path: Path) -> Json:
    return read_only_member(path, "calibration", VERSION)


def _fail(error: InputError) -> NoReturn:
    raise error


def _costs(host: Path) -> Json:
    costs: Json = _calibration(host)["costs"]
    return costs


def _stands_for(cores: int | None) -> bool:
    """Tell whether a timing can be confined to so many cores of this host."""
    return cores is None or (affinity.is_supported() and cores <= hardware.host().cores)


def _labelled(spec: Json) -> tuple[dict[str, str], dict[str, Any]]:
    """Part a specification into what it is called and what it says."""
    labels = {key: spec[key] for key in NAMES}
    return labels, {key: value for key, value in spec.items() if key not in NAMES}


def _place(labels: Mapping[str, str]) -> str:
    return "/".join(labels[key] for key in NAMES)


def _identity(kind: str, made: MadeOf, spec: Json, **more: Any) -> dict[str, Any]:
    return {"kind": kind, **made, "spec": spec, **more}
