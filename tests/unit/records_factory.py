"""Records and tables made up for the tests, after the contracts in docs/architecture.md."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from reports.records import read_run, read_timing
from reports.tables import EPOCHS, TIMINGS, tabulate_epochs, tabulate_timings

Json = dict[str, Any]

ENVIRONMENT: Json = {"fingerprint": "9f2c00000000", "host": {"physical_cores": 4}}


def run_record(accuracies: Sequence[float] = (0.1, 0.9), **factors: Any) -> Json:
    """Make up a run with these test accuracies at epochs 0, 1, and so on."""
    return {
        "record": "run",
        "version": 2,
        "status": "completed",
        "diverged_at": None,
        "spec": _spec(epochs=len(accuracies) - 1, **factors),
        "epochs": [_epoch(epoch, accuracy) for epoch, accuracy in enumerate(accuracies)],
        "environment": ENVIRONMENT,
    }


def timing_record(seconds: Sequence[float] = (2.0, 1.0, 3.0), **factors: Any) -> Json:
    """Make up a timing with these repeats."""
    spec = _spec(**{"experiment": "fig4", "variant": "spmd-once", **factors})
    return {
        "record": "timing",
        "version": 2,
        "status": "completed",
        "spec": {**spec, "repeats": len(seconds)},
        "hardware": "host",
        "source": "measured",
        "oversubscribed": spec["workers"] > 4,
        "repeats": [{"seconds": s, "load_before": 0.1, "load_after": 0.2} for s in seconds],
        "environment": ENVIRONMENT,
    }


def write(folder: Path, record: Json) -> Path:
    """Write a record where the pipeline would."""
    spec = record["spec"]
    name = "host" if record["record"] == "timing" else f"seed{spec['seed']}"
    path = folder / spec["experiment"] / spec["variant"] / f"w{spec['workers']}" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record), encoding="utf-8")
    return path


def epochs_table(folder: Path, *records: Json) -> pd.DataFrame:
    """Write and tabulate runs."""
    return tabulate_epochs([read_run(write(folder, record)) for record in records], "paper")


def timings_table(folder: Path, *records: Json) -> pd.DataFrame:
    """Write and tabulate timings."""
    return tabulate_timings([read_timing(write(folder, record)) for record in records], "paper")


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


def _epoch(epoch: int, accuracy: float) -> Json:
    return {
        "epoch": epoch,
        "loss": None if epoch == 0 else 0.5,
        "test_accuracy": accuracy,
        "confidence": {"top": accuracy / 2, "true_class": accuracy / 4, "top_correct": accuracy},
        "confidence_spread": 0.05,
        "children": {"test_accuracy": []},
        "facts": {},
    }
