"""From a resolved configuration to the jobs it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """A run or a timing: where its record goes and what it must be told.

    Attributes
    ----------
    record
        Path of the record, below the repository.
    spec
        Run or timing specification: see docs/architecture.md.
    """

    record: str
    spec: Json


def runs(paper: Mapping[str, Any]) -> Iterator[Job]:
    """Yield the training runs of a resolved paper."""
    for name, experiment in paper["experiments"].items():
        for variant, settings in experiment["variants"].items():
            for workers in settings["workers"]:
                for seed in settings["seeds"]:
                    spec = _spec(paper, name, experiment, variant, workers, seed)
                    spec["evaluate_every"] = settings["evaluate_every"]
                    spec["evaluate_children"] = settings["evaluate_children"]
                    yield Job(
                        f"{_folder('runs', paper, name, variant, workers)}/seed{seed}.json", spec
                    )


def timings(paper: Mapping[str, Any]) -> Iterator[Job]:
    """Yield the timings of a resolved paper."""
    for name, timing in paper["timings"].items():
        for variant, settings in timing["variants"].items():
            for workers in settings["workers"]:
                for hardware in settings["hardware"]:
                    spec = _spec(paper, name, timing, variant, workers, settings["seed"])
                    spec["repeats"] = settings["repeats"]
                    spec["hardware"] = hardware
                    yield Job(
                        f"{_folder('timings', paper, name, variant, workers)}/{hardware}.json", spec
                    )


def datasets(paper: Mapping[str, Any]) -> list[str]:
    """List the datasets that a resolved paper's jobs use."""
    stages = (*paper["experiments"].values(), *paper["timings"].values())
    return sorted({paper["edition"]["datasets"][stage["dataset"]] for stage in stages})


def _folder(stage: str, paper: Mapping[str, Any], name: str, variant: str, workers: int) -> str:
    return f"results/{paper['edition']['name']}/{stage}/{paper['id']}/{name}/{variant}/w{workers}"


def _spec(
    paper: Mapping[str, Any],
    name: str,
    experiment: Mapping[str, Any],
    variant: str,
    workers: int,
    seed: int,
) -> Json:
    settings = experiment["variants"][variant]
    return {
        "paper": paper["id"],
        "experiment": name,
        "variant": variant,
        "dataset": paper["edition"]["datasets"][experiment["dataset"]],
        "strategy": settings["strategy"],
        "options": settings["options"],
        "network": settings["network"],
        "training": settings["training"],
        "samples": settings["samples"],
        "workers": workers,
        "seed": seed,
    }
