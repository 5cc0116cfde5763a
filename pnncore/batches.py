"""Batches: the members of each kind of collection, with identities and the calls that make them."""

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
"""Keys of a variant's names, on which no number depends."""

Json = Mapping[str, Any]

# Models and galleries import their modules when they are made, so that training does not load SciPy.


def runs(
    made: MadeOf, data: Path, store: Store, backend: str, workers_at_once: int
) -> Iterator[Member]:
    """Yield the runs of a variant: every number of workers with every seed.

    Parameters
    ----------
    made
        Ingredients; their ``spec`` is the specification of the runs.
    data
        Folder of the prepared dataset.
    store
        The store of records, in which interrupted runs keep checkpoints.
    backend, workers_at_once
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
                f"runs/{_place(labels)}/w{workers}/seed{seed}",
                partial(jobs.train, convert(spec, Run), data, checkpoint, backend, workers_at_once),
                identity,
                labels,
            )


def repeats(made: MadeOf, data: Path) -> Iterator[Member]:
    """Yield one repeat of a variant's timings, for each machine that this host can represent; see `runs`."""
    labels, settings = _split_names(made["spec"])
    number = settings["repeat"]
    for machine, cores in settings["hardware"].items():
        if not _has_cores(cores):
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
    """Return the calibration of a variant, which needs that of the host; see `runs`."""
    labels, spec = _split_names(made["spec"])
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
    """Return the calibration of this host; see `runs`."""
    return Member(
        f"calibrations/{HOST}",
        jobs.calibrate_host,
        _identity("calibration", made, {}, machine=describe_host()),
    )


def examination(made: MadeOf, data: Path) -> Member:
    """Return the examination of a property, identified by the machine, too, because some measure times; see `runs`."""
    spec = made["spec"]
    return Member(
        f"properties/{spec['property']}",
        partial(jobs.examine, convert(spec, Examination), data),
        _identity("property", made, spec, machine=describe_host()),
    )


def model(made: MadeOf) -> Member:
    """Return the model of a paper's own program, fitted to published speed-ups on the basis of a calibration."""
    from pnncore.model.fit import fit
    from pnncore.model.program import Program

    spec = convert(made["spec"], Fit)

    def make() -> dict[str, Any]:
        program = Program.of_paper(*_calibrations(spec.calibration, spec.host), spec.merges)
        return fit(spec, program)

    return Member(f"models/{spec.paper}", make)


def predictions(made: MadeOf) -> Iterator[Member]:
    """Yield the predictions of every calibrated variant of a study on every machine.

    The variant of the paper's own program is predicted by the paper's fitted model on the paper's machines.
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
        # On this host, costs are measured and not scaled by the clock.
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


def _has_cores(cores: int | None) -> bool:
    """Return whether a timing can be confined to `cores` cores of this host; None is all of them."""
    return cores is None or (affinity.is_supported() and cores <= hardware.host().cores)


def _split_names(spec: Json) -> tuple[dict[str, str], dict[str, Any]]:
    """Split a specification into names and settings."""
    labels = {key: spec[key] for key in NAMES}
    return labels, {key: value for key, value in spec.items() if key not in NAMES}


def _place(labels: Mapping[str, str]) -> str:
    return "/".join(labels[key] for key in NAMES)


def _identity(kind: str, made: MadeOf, spec: Json, **more: Any) -> dict[str, Any]:
    return {"kind": kind, **made, "spec": spec, **more}
