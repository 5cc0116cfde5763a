"""Records and tables made up for the tests, after the contracts in docs/architecture.md."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
from metric_words import EPOCH_METRICS
from msgspec import to_builtins

from records.convert import convert
from records.cost import Cost
from records.kinds.calibration import HostCalibrationRecord, NamedCalibrationRecord
from records.kinds.collection import Collection
from records.kinds.dataset import DatasetRecord
from records.kinds.failure import Failure
from records.kinds.gallery import GalleryRecord
from records.kinds.kind import Kind
from records.kinds.model import ModelRecord
from records.kinds.prediction import PredictionRecord
from records.kinds.property import PropertyRecord
from records.kinds.repeat import NamedRepeatRecord
from records.kinds.run import NamedRunRecord
from records.record import write_record
from records.study import Study
from reports.tables.calibrations import read_calibrations
from reports.tables.collections import Found
from reports.tables.models import Model, read_models
from reports.tables.predictions import read_predictions
from reports.tables.repeats import read_timings
from reports.tables.runs import read_runs
from reports.tables.tidy import EPOCHS, TIMINGS, tabulate_epochs, tabulate_timings

T = TypeVar("T")
Json = dict[str, Any]

KINDS: dict[str, type[Kind]] = {
    kind.kind(): kind
    for kind in (
        NamedRunRecord,
        NamedRepeatRecord,
        NamedCalibrationRecord,
        PredictionRecord,
        ModelRecord,
        PropertyRecord,
        GalleryRecord,
        DatasetRecord,
    )
}
ENVIRONMENT: Json = {
    "python": "3.11.7",
    "packages": {"numpy": "2.4.6"},
    "blas": {"library": "openblas", "version": "0.3", "threads": 1},
    "openmp": {"threads": None},
    "host": {
        "cpu": "a processor",
        "physical_cores": 4,
        "logical_cores": 4,
        "memory_gb": 8.0,
        "system": "Linux x86_64",
    },
    "fingerprint": "9f2c00000000",
}
SETTINGS: Json = {
    "data": {"classes": 10, "train": {}, "test": {}},
    "options": {},
    "network": {},
    "samples": {},
}
"""Keys of every specification; those of a network and of samples have defaults."""

TESTS: Json = {"evaluate_every": 1, "evaluate_children": False, "evaluate_training": False}
COST = Cost(seconds=2.5, cpu_seconds=2.0)
PARAMETER: Json = {"value": 0.1, "origin": "fitted", "unit": "share", "meaning": "merging"}


def run_record(accuracies: Sequence[float] = (0.1, 0.9), **factors: Any) -> Json:
    """Make up a run with these test accuracies at epochs 0, 1, and so on."""
    return {
        "record": "run",
        "version": 5,
        "status": "completed",
        "diverged_at": None,
        "spec": {**_spec(epochs=len(accuracies) - 1, **factors), **TESTS},
        "epochs": [_epoch(epoch, accuracy) for epoch, accuracy in enumerate(accuracies)],
        "schedule": {"rounds": []},
        "seconds": {"train": 1.5, "evaluate": 0.5},
        "memory_mb": None,
        "environment": ENVIRONMENT,
    }


def timing_record(
    seconds: Sequence[float] = (2.0, 1.0, 3.0),
    hardware: str = "host",
    cores: int = 4,
    mark: str = "clean",
    status: str = "completed",
    **factors: Any,
) -> list[Json]:
    """Make up the repeats of a timing, all of one mark unless more workers ran than there are cores."""
    spec = _spec(**{"experiment": "fig4", "variant": "spmd-once", **factors})
    if mark == "clean" and spec["workers"] > cores:
        mark = "oversubscribed"
    return [
        {
            "record": "repeat",
            "version": NamedRepeatRecord.current(),
            "status": status,
            "spec": {**spec, "hardware": hardware, "cores": None, "repeat": number},
            "cores": cores,
            "hardware_threads": cores,
            "jobs": spec["workers"],
            "backend": "threading",
            "repeat": _measurement(s, mark, number),
            "environment": ENVIRONMENT,
        }
        for number, s in enumerate(seconds, start=1)
    ]


def prediction_record(
    seconds: Mapping[int, float], machine: str = "banana-pi-m3", cores: int = 8, **factors: Any
) -> Json:
    """Make up modelled timings by number of workers; a tenth of the time of several goes into waiting."""
    spec = _spec(**{"experiment": "fig4", "variant": "spmd-once", **factors})
    return {
        "record": "prediction",
        "version": PredictionRecord.current(),
        "spec": {**spec, "workers": list(seconds), "published": None},
        "hardware": machine,
        "source": "modelled",
        "implementation": "ours" if machine == "host" else "paper",
        "machine": {"name": machine, "cores": cores, "threads_per_core": 1, "clock_ghz": 1.8},
        "basis": {"repeats": 6, "noisy": 0, "mark": "clean"},
        "one_worker": {"seconds": 8.0, "origin": "published", "where": "Section I"},
        "parameters": {"merge_share": PARAMETER},
        "timings": [_modelled(workers, s, cores) for workers, s in seconds.items()],
        "environment": ENVIRONMENT,
    }


def calibration_record(repeat: int = 1, mark: str = "clean", **factors: Any) -> Json:
    """Make up a repeat of the calibration of a variant; three eighths of its work go forward."""
    spec = _spec(**{"experiment": "fig4", "variant": "spmd-once", **factors})
    return {
        "record": "calibration",
        "version": NamedCalibrationRecord.current(),
        "spec": {**spec, "workers": [1, 2], "published": None, "repeat": repeat},
        "alone": [{"seconds": 0.1, "schedule": {"rounds": []}}],
        "together": None,
        "pixel": 0.0,
        "schedules": {},
        "published_schedules": {},
        "profile": {"forward": 0.375, "backward": 0.5, "other": 0.125},
        "conditions": conditions(mark),
        "machine": {"name": "host", "cores": 4, "threads_per_core": 1, "clock_ghz": None},
        "environment": ENVIRONMENT,
    }


def conditions(mark: str) -> Json:
    """Make up the conditions of a measurement, of which the mark alone is known."""
    return {"mark": mark, "others": None, "steal": None, "waited": None}


def model_record(*points: Json) -> Json:
    """Make up the model of a paper that was fitted to these points."""
    return {
        "record": "model",
        "version": 4,
        "paper": "paper",
        "timing": "fig4",
        "variant": "spmd-once",
        "merges": "all",
        "one_worker": {},
        "parameters": {"merge_share": PARAMETER},
        "points": list(points),
    }


def property_record(name: str, **facts: Any) -> Json:
    """Make up what a property was found to be."""
    return {
        "record": "property",
        "version": 3,
        "property": name,
        "summary": "what it says",
        "dataset": "mnist",
        "facts": facts,
        "environment": ENVIRONMENT,
    }


def dataset_record(name: str, **changes: Any) -> Json:
    """Make up the description of a prepared dataset."""
    split = {
        "samples": 20,
        "images_sha256": "0" * 64,
        "labels_sha256": "0" * 64,
        "content_sha256": {},
        "pixel_values": 256,
        "class_counts": [2] * 10,
    }
    return {
        "record": "dataset",
        "version": DatasetRecord.current(),
        "name": name,
        "format": "idx",
        "classes": 10,
        "image": [28, 28],
        "splits": {"train": split, "test": split},
        "cost": to_builtins(COST),
        **changes,
    }


def model_point(workers: int, observed: float, left_out: float, **more: Any) -> Json:
    """Make up a published speed-up."""
    place = {"hardware": "banana-pi-m3", "workers": workers, "where": "Table I"}
    return {**place, "observed": observed, "predicted": observed, "left_out": left_out, **more}


def failure(about: str, why: str = "out of memory") -> Json:
    """Make up what stands for a record that could not be made."""
    return {"record": Failure.kind(), "about": about, "why": why}


def write_collection(path: Path, kind: str, *members: Any) -> Path:
    """Write a collection."""
    costs = (COST,) * len(members)
    collection = Collection(of=kind, made_of={}, stored=(), members=members, costs=costs)
    write_record(path, collection)
    return path


def write(folder: Path, *members: Json) -> Path:
    """Write a collection where the pipeline would, called after the first of its records."""
    kind = members[0]["record"]
    parts = KINDS[kind].about_of(members[0]).split("/")
    depth = {"run": 4, "repeat": 4, "calibration": 4}.get(kind, 1)
    name = "-".join(parts[depth:])
    return write_collection(folder.joinpath(*parts[:depth], f"{name}.json"), kind, *members)


def write_list(folder: Path, **files: Any) -> Path:
    """Write a list of records with these files of each kind."""
    kinds = ("runs", "timings", "calibrations", "predictions", "models", "properties", "datasets")
    host = write_collection(folder / "calibrations/host/repeat1.json", "calibration", host_record())
    own = {kind: [str(path) for path in files.get(kind, ())] for kind in kinds}
    path = folder / "records.json"
    path.write_text(
        json.dumps(
            {"study": "paper", "metrics": to_builtins(EPOCH_METRICS), **own, "host": [str(host)]}
        )
    )
    return path


def host_record(repeat: int = 1, mark: str = "clean") -> Json:
    """Make up a repeat of the calibration of the host."""
    return {
        "record": "calibration",
        "version": HostCalibrationRecord.current(),
        "spec": {"repeat": repeat},
        "costs": dict.fromkeys(
            ("barrier", "switch", "byte", "call", "dispatched", "started"), 4e-08
        ),
        "conditions": conditions(mark),
        "machine": {"name": "host", "cores": 4, "threads_per_core": 1, "clock_ghz": None},
        "environment": ENVIRONMENT,
    }


def whole(found: Found[T]) -> tuple[T, ...]:
    """Return what was found, of which nothing must be missing."""
    assert found.failures == {}
    return found.records


def only_failure(found: Found[Any]) -> str:
    """Return why the only record, or the only file, that was read counts as missing."""
    assert found.records == ()
    (why,) = found.failures.values()
    assert "\n" not in why
    return why


def blamed(why: str) -> tuple[str, str]:
    """Return the file and the key that a message names, however it goes on."""
    found = re.match(r"(.+?): ([^\s:]+)", why)
    assert found, why
    return found[1], found[2]


def fitted(folder: Path, *points: Json) -> Model:
    """Write and read the model of a paper."""
    (found,) = whole(read_models([write(folder, model_record(*points))]))
    return found


def epochs_table(folder: Path, *records: Json) -> pd.DataFrame:
    """Write and tabulate runs."""
    paths = [write(folder, record) for record in records]
    return tabulate_epochs(whole(read_runs(paths)), EPOCH_METRICS, "paper")


def timings_table(folder: Path, *records: Json | list[Json]) -> pd.DataFrame:
    """Write and tabulate timings, measured and modelled, and profiles."""
    repeats = [write(folder, *record) for record in records if isinstance(record, list)]
    others: dict[str, list[Path]] = {"prediction": [], "calibration": []}
    for record in records:
        if not isinstance(record, list):
            others[record["record"]].append(write(folder, record))
    timed = [
        *whole(read_timings(repeats)),
        *whole(read_predictions(others["prediction"])),
        *whole(read_calibrations(others["calibration"])),
    ]
    return tabulate_timings(timed, "paper")


def no_epochs() -> pd.DataFrame:
    return pd.DataFrame(columns=list(EPOCHS))


def no_timings() -> pd.DataFrame:
    return pd.DataFrame(columns=list(TIMINGS))


def paper(**parts: Any) -> Study:
    """Make up a resolved paper configuration."""
    edition = {"name": "paper", "title": "Paper edition", "notice": "", "datasets": {}}
    names = {"id": "paper", "name": "Paper", "method": "None.", "edition": edition}
    empty: Json = {part: {} for part in ("experiments", "timings", "exhibits", "left_out")}
    content = {**names, **empty, "metrics": to_builtins(EPOCH_METRICS), **parts}
    return convert(content, Study, "study")


def timed_paper() -> Study:
    """Make up a paper with the timing of the records that are made up here."""
    return paper(timings={"fig4": experiment(**{"spmd-once": [256]})})


def experiment(**hidden_by_variant: Sequence[int]) -> Json:
    """Make up a resolved experiment or timing; a variant's title is its name in capitals."""
    return {
        "title": "An experiment",
        "dataset": "mnist",
        "variants": {
            name: {"title": name.upper(), "strategy": "spmd", "network": {"hidden": list(hidden)}}
            for name, hidden in hidden_by_variant.items()
        },
    }


def _spec(epochs: int = 1, **factors: Any) -> Json:
    return {
        "paper": "paper",
        "experiment": "fig2",
        "variant": "spmd",
        "strategy": "spmd",
        "dataset": "mnist",
        "workers": 1,
        "seed": 1,
        "training": {"epochs": epochs},
        **SETTINGS,
        **factors,
    }


def _measurement(seconds: float, mark: str, number: int) -> Json:
    unknown = (
        "affinity",
        "load_before",
        "frequency_mhz_before",
        "load_after",
        "frequency_mhz_after",
        "blas_threads",
        "openmp_threads",
    )
    started = f"2026-11-21T17:00:{number:02}Z"
    return {
        "seconds": seconds,
        "processor_seconds": 1.5 * seconds,
        "started": started,
        **conditions(mark),
        **dict.fromkeys(unknown),
    }


def _modelled(workers: int, seconds: float, cores: int) -> Json:
    wait = seconds / 10 if workers > 1 else 0.0
    parts = {"compute": seconds - wait, "wait": wait, "merge": 0.0, "dispatch": 0.0}
    return {
        "workers": workers,
        "seconds": seconds,
        "lower": 0.9 * seconds,
        "upper": 1.1 * seconds,
        **parts,
        "oversubscribed": workers > cores,
    }


def _epoch(epoch: int, accuracy: float) -> Json:
    return {
        "epoch": epoch,
        "metrics": {
            **({"loss": 0.5} if epoch else {}),
            "test_accuracy": accuracy,
            "confidence_top": accuracy / 2,
            "confidence_true_class": accuracy / 4,
            "confidence_top_correct": accuracy,
            "confidence_spread": 0.05,
            "weight_magnitude": 0.02,
            "cut_label_accuracy": accuracy / 3,
            "unanswered": 1 - accuracy,
        },
        "child_accuracies": [],
    }
