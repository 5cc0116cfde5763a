"""Records and tables made up for the tests, after the contracts in docs/architecture.md."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pnncore.records import write_record
from reports.predictions import read_timed
from reports.records import read_run
from reports.tables import EPOCHS, TIMINGS, tabulate_epochs, tabulate_timings

Json = dict[str, Any]

ENVIRONMENT: Json = {"fingerprint": "9f2c00000000"}
PARAMETER: Json = {"value": 0.1, "origin": "fitted", "unit": "share", "meaning": "merging"}


def run_record(accuracies: Sequence[float] = (0.1, 0.9), **factors: Any) -> Json:
    """Make up a run with these test accuracies at epochs 0, 1, and so on."""
    return {
        "record": "run",
        "version": 4,
        "status": "completed",
        "diverged_at": None,
        "spec": _spec(epochs=len(accuracies) - 1, **factors),
        "epochs": [_epoch(epoch, accuracy) for epoch, accuracy in enumerate(accuracies)],
        "environment": ENVIRONMENT,
    }


def timing_record(
    seconds: Sequence[float] = (2.0, 1.0, 3.0),
    hardware: str = "host",
    cores: int = 4,
    mark: str = "clean",
    **factors: Any,
) -> Json:
    """Make up a timing with these repeats, all of one mark unless more workers ran than there are cores."""
    spec = _spec(**{"experiment": "fig4", "variant": "spmd-once", **factors})
    if mark == "clean" and spec["workers"] > cores:
        mark = "oversubscribed"
    return {
        "record": "timing",
        "version": 4,
        "status": "completed",
        "spec": {**spec, "repeats": len(seconds)},
        "hardware": hardware,
        "source": "measured",
        "cores": cores,
        "hardware_threads": cores,
        "jobs": spec["workers"],
        "mark": mark,
        "repeats": [{"seconds": s, "mark": mark} for s in seconds],
        "environment": ENVIRONMENT,
    }


def prediction_record(
    seconds: Mapping[int, float], machine: str = "banana-pi-m3", cores: int = 8, **factors: Any
) -> Json:
    """Make up modelled timings by number of workers; a tenth of the time of several goes into waiting."""
    spec = _spec(**{"experiment": "fig4", "variant": "spmd-once", **factors})
    return {
        "record": "prediction",
        "version": 3,
        "spec": {**spec, "workers": list(seconds)},
        "hardware": machine,
        "source": "modelled",
        "implementation": "ours" if machine == "host" else "paper",
        "machine": {"cores": cores, "threads_per_core": 1, "clock_ghz": 1.8, "assumed": []},
        "one_worker": {"seconds": 8.0, "origin": "published", "where": "Section I"},
        "parameters": {"merge_share": PARAMETER},
        "timings": [_modelled(workers, s, cores) for workers, s in seconds.items()],
        "environment": ENVIRONMENT,
    }


def calibration_record(**factors: Any) -> Json:
    """Make up the calibration of a variant; three eighths of its work go forward."""
    spec = _spec(**{"experiment": "fig4", "variant": "spmd-once", **factors})
    return {
        "record": "calibration",
        "version": 3,
        "spec": {**spec, "workers": [1, 2]},
        "profile": {"forward": 0.375, "backward": 0.5, "other": 0.125},
        "machine": {"cores": 4, "threads_per_core": 1, "clock_ghz": None, "assumed": []},
        "environment": ENVIRONMENT,
    }


def model_record(*points: Json) -> Json:
    """Make up the model of a paper that was fitted to these points."""
    return {
        "record": "model",
        "version": 3,
        "paper": "paper",
        "timing": "fig4",
        "variant": "spmd-once",
        "parameters": {"merge_share": PARAMETER},
        "points": list(points),
        "environment": ENVIRONMENT,
    }


def property_record(name: str, **facts: Any) -> Json:
    """Make up what a property was found to be."""
    return {
        "record": "property",
        "version": 2,
        "property": name,
        "summary": "what it says",
        "dataset": "mnist",
        "facts": facts,
        "environment": ENVIRONMENT,
    }


def model_point(workers: int, observed: float, left_out: float, **more: Any) -> Json:
    """Make up a published speed-up."""
    place = {"hardware": "banana-pi-m3", "workers": workers, "where": "Table I"}
    return {**place, "observed": observed, "predicted": observed, "left_out": left_out, **more}


def write(folder: Path, record: Json) -> Path:
    """Write a record where the pipeline would."""
    path = folder / _place(record)
    write_record(path, record)
    return path


def _place(record: Json) -> Path:
    if record["record"] == "model":
        return Path("models") / f"{record['paper']}.json"
    spec = record["spec"]
    folder = Path(spec["experiment"], spec["variant"])
    if record["record"] == "calibration":
        return folder.with_suffix(".json")
    if record["record"] == "prediction":
        return folder / f"{record['hardware']}.json"
    name = record["hardware"] if record["record"] == "timing" else f"seed{spec['seed']}"
    return folder / f"w{spec['workers']}" / f"{name}.json"


def epochs_table(folder: Path, *records: Json) -> pd.DataFrame:
    """Write and tabulate runs."""
    return tabulate_epochs([read_run(write(folder, record)) for record in records], "paper")


def timings_table(folder: Path, *records: Json) -> pd.DataFrame:
    """Write and tabulate timings, measured and modelled."""
    return tabulate_timings([read_timed(write(folder, record)) for record in records], "paper")


def no_epochs() -> pd.DataFrame:
    return pd.DataFrame(columns=list(EPOCHS))


def no_timings() -> pd.DataFrame:
    return pd.DataFrame(columns=list(TIMINGS))


def paper(**parts: Any) -> Json:
    """Make up a resolved paper configuration."""
    return {
        "id": "paper",
        "edition": {"name": "paper", "title": "Paper edition", "notice": "", "datasets": {}},
        "confidence": "top",
        "experiments": {},
        "timings": {},
        "exhibits": {},
        "claims": [],
        "findings": [],
        **parts,
    }


def experiment(**hidden_by_variant: Sequence[int]) -> Mapping[str, Any]:
    """Make up a resolved experiment; a variant's title is its name in capitals."""
    return {
        "variants": {
            name: {"title": name.upper(), "network": {"hidden": list(hidden)}}
            for name, hidden in hidden_by_variant.items()
        }
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
        **factors,
    }


def _modelled(workers: int, seconds: float, cores: int) -> Json:
    wait = seconds / 10 if workers > 1 else 0.0
    parts = {"compute": seconds - wait, "wait": wait, "merge": 0.0, "dispatch": 0.0}
    return {
        "workers": workers,
        "seconds": seconds,
        **parts,
        "oversubscribed": workers > cores,
    }


def _epoch(epoch: int, accuracy: float) -> Json:
    return {
        "epoch": epoch,
        "loss": None if epoch == 0 else 0.5,
        "test_accuracy": accuracy,
        "confidence": {"top": accuracy / 2, "true_class": accuracy / 4, "top_correct": accuracy},
        "confidence_spread": 0.05,
        "train_accuracy": None,
        "weight_magnitude": 0.02,
        "children": {"test_accuracy": []},
        "facts": {},
    }
