"""From a resolved configuration to the jobs it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pnncore.strategies.registry import named
from workflow.references import COMBINED

Json = dict[str, Any]

MODELLED = (1, 2, 4, 8, 16, 32, 64)
"""Worker counts that every variant is modelled for."""


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


@dataclass(frozen=True)
class Prediction:
    """A modelled timing.

    Attributes
    ----------
    record
        Path of its record.
    calibration
        Path of the calibration that it rests on.
    machine
        Name of the machine.
    model
        Path of the fitted model, for a paper's own program on its own machine; None for our program.
    """

    record: str
    calibration: str
    machine: str
    model: str | None


def runs(paper: Mapping[str, Any]) -> Iterator[Job]:
    """Yield the training runs of a resolved paper."""
    for name, experiment in paper["experiments"].items():
        for variant, settings in experiment["variants"].items():
            for workers in settings["workers"]:
                for seed in settings["seeds"]:
                    spec = _spec(paper, name, experiment, variant, workers, seed)
                    spec["evaluate_every"] = settings["evaluate_every"]
                    spec["evaluate_children"] = settings["evaluate_children"]
                    spec["evaluate_training"] = settings["evaluate_training"]
                    yield Job(
                        f"{_folder('runs', paper, name, variant)}/w{workers}/seed{seed}.json", spec
                    )


def timings(paper: Mapping[str, Any], machines: Mapping[str, int | None]) -> Iterator[Job]:
    """Yield the timings of a resolved paper that this host can measure.

    Parameters
    ----------
    paper
        The paper.
    machines
        Machines that this host can stand for, with the cores to be confined to: see `workflow.machines.measurable`.
    """
    for name, timing in paper["timings"].items():
        for variant, settings in timing["variants"].items():
            for workers in settings["workers"]:
                for hardware in settings["hardware"]:
                    if hardware not in machines:
                        continue
                    spec = _spec(paper, name, timing, variant, workers, settings["seed"])
                    spec["repeats"] = settings["repeats"]
                    spec["hardware"] = hardware
                    spec["cores"] = machines[hardware]
                    yield Job(
                        f"{_folder('timings', paper, name, variant)}/w{workers}/{hardware}.json",
                        spec,
                    )


def calibrations(paper: Mapping[str, Any]) -> Iterator[Job]:
    """Yield a calibration for each timed variant of a resolved paper."""
    for name, timing in paper["timings"].items():
        for variant, settings in timing["variants"].items():
            spec = _spec(paper, name, timing, variant, 1, settings["seed"])
            spec["workers"] = _modelled_workers(paper, name, variant)
            spec["published"] = (
                paper["model"]["scale"] if _is_modelled(paper, name, variant) else None
            )
            yield Job(f"{_folder('calibrations', paper, name, variant)}.json", spec)


def predictions(
    paper: Mapping[str, Any], machines: Mapping[str, Mapping[str, Any]]
) -> Iterator[Prediction]:
    """Yield the modelled timings of a resolved paper: each timed variant on this host and on each machine.

    Parameters
    ----------
    paper
        The paper.
    machines
        The profiles of the machines by name.
    """
    for name, timing in paper["timings"].items():
        for variant in timing["variants"]:
            for machine in ("host", *machines):
                own = machines.get(machine, {}).get("paper") == paper["id"]
                fitted = own and _is_modelled(paper, name, variant)
                yield Prediction(
                    record=f"{_folder('timings', paper, name, variant)}/{machine}.json",
                    calibration=f"{_folder('calibrations', paper, name, variant)}.json",
                    machine=machine,
                    model=model(paper) if fitted else None,
                )


def properties(paper: Mapping[str, Any]) -> list[str]:
    """List the properties that a resolved paper's claims and findings rest on, or its exhibits show."""
    shown = {each["property"] for each in paper["exhibits"].values() if "property" in each}
    return sorted(shown | {test["property"] for test in _tests(paper) if "property" in test})


def galleries(paper: Mapping[str, Any]) -> list[str]:
    """List the datasets whose images a resolved paper's exhibits show."""
    named_by_paper = (each["dataset"] for each in paper["exhibits"].values() if "dataset" in each)
    return sorted({paper["edition"]["datasets"][name] for name in named_by_paper})


def _tests(paper: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the tests of a paper's claims and findings, and those that they are made of."""
    waiting = [
        check["test"]
        for entry in (*paper["claims"], *paper["findings"])
        for part in ("checks", "trend", "numbers")
        for check in entry.get(part, ())
    ]
    while waiting:
        test = waiting.pop()
        for inner in COMBINED:
            waiting += test.get(inner, ())
        yield test


def model(paper: Mapping[str, Any]) -> str:
    """Return where the fitted model of a resolved paper goes."""
    return f"results/{paper['edition']['name']}/models/{paper['id']}.json"


def _is_modelled(paper: Mapping[str, Any], name: str, variant: str) -> bool:
    """Tell whether a timed variant is the one that stands for the paper's own program."""
    fitted = paper.get("model", {})
    return (name, variant) == (fitted.get("timing"), fitted.get("variant"))


def _modelled_workers(paper: Mapping[str, Any], name: str, variant: str) -> list[int]:
    """Return the worker counts that a variant is modelled for: what is timed, what is published, and powers of two."""
    settings = paper["timings"][name]["variants"][variant]
    most = named(settings["strategy"]).most_workers
    if most is not None:
        return list(range(1, most + 1))
    published = paper["model"]["points"] if _is_modelled(paper, name, variant) else ()
    return sorted({*MODELLED, *settings["workers"], *(point["workers"] for point in published)})


def repeats(timing: Job) -> list[str]:
    """List the records of a timing's repeats."""
    folder = timing.record.removesuffix(".json")
    return [f"{folder}/repeat{number + 1}.json" for number in range(timing.spec["repeats"])]


def datasets(paper: Mapping[str, Any]) -> list[str]:
    """List the datasets that a resolved paper's jobs use, its claims are tested by, or its exhibits show."""
    stages = (*paper["experiments"].values(), *paper["timings"].values())
    tests = (test for test in _tests(paper) if "dataset" in test)
    used = {paper["edition"]["datasets"][use["dataset"]] for use in (*stages, *tests)}
    return sorted({*used, *galleries(paper)})


def _folder(stage: str, paper: Mapping[str, Any], name: str, variant: str) -> str:
    return f"results/{paper['edition']['name']}/{stage}/{paper['id']}/{name}/{variant}"


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
