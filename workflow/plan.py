"""From an edition's studies to the files that are made for them, each named by what it is made of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pnncore.made_of import MadeOf, made_of, name
from pnncore.strategies.registry import named
from pnncore.timing.hardware import HOST, Machine
from workflow.configuration import unjudged
from workflow.references import COMBINED

Json = dict[str, Any]

MODELLED = (1, 2, 4, 8, 16, 32, 64)
"""Worker counts that every variant is modelled for."""

CONTENT = ("format", "classes", "image", "splits")
"""Keys of a dataset's entry in the manifest that say what must come out, and not what it is called or where it is."""


@dataclass(frozen=True)
class Batch:
    """A collection of records that one command makes.

    Attributes
    ----------
    path
        The file, below the repository; its name has a digest of `made`.
    made
        What it is made of; its ``spec`` is what the command is told.
    """

    path: str
    made: MadeOf

    @property
    def spec(self) -> Json:
        """Return what the command is told."""
        spec: Json = self.made["spec"]
        return spec


@dataclass(frozen=True)
class Document:
    """A file whose content is known beforehand: a resolved configuration, or a list of files.

    Attributes
    ----------
    path
        The file, below the repository; its name has a digest of `content`.
    content
        What it holds, as JSON knows it.
    """

    path: str
    content: Json


@dataclass(frozen=True)
class StudyPlan:
    """What is made for a paper or a comparison.

    Attributes
    ----------
    runs
        The runs of each variant of each experiment.
    repeats
        The repeats of each variant of each timing, by the repeat's number.
    calibrations
        The calibration of each timed variant, by ``timing/variant``.
    model
        The paper's fitted model, if it prints something to fit it to.
    predictions
        What the timed variants would take on other machines; None if nothing is timed.
    properties
        Names of the properties that its claims, findings and exhibits rest on.
    datasets
        Names of the datasets that it uses.
    documents
        By what they are for: ``judged`` and ``drawn`` (resolved configurations, the latter without claims and
        findings) and ``records`` (which files hold its results).
    """

    runs: list[Batch]
    repeats: dict[int, list[Batch]]
    calibrations: dict[str, Batch]
    model: Batch | None
    predictions: Batch | None
    properties: list[str]
    datasets: list[str]
    documents: dict[str, Document]

    @property
    def timings(self) -> list[Batch]:
        """Return all repeats."""
        return [batch for batches in self.repeats.values() for batch in batches]

    @property
    def batches(self) -> list[Batch]:
        """Return all that is trained, timed and modelled for it."""
        own = [*self.runs, *self.timings, *self.calibrations.values()]
        return [*own, *(each for each in (self.model, self.predictions) if each is not None)]


@dataclass(frozen=True)
class Plan:
    """What is made for an edition.

    Attributes
    ----------
    edition
        Its name.
    studies
        The plan of each paper and comparison.
    host
        The calibration of the host.
    properties
        The examination of each property that is needed.
    galleries
        The pictures of each dataset that is shown.
    datasets
        What each dataset that is used must hold: the entry in the manifest, less words.
    """

    edition: str
    studies: dict[str, StudyPlan]
    host: Batch
    properties: dict[str, Batch]
    galleries: dict[str, Batch]
    datasets: dict[str, Json]

    @property
    def batches(self) -> dict[str, Batch]:
        """Return all batches by their files."""
        of_studies = [batch for study in self.studies.values() for batch in study.batches]
        shared = [self.host, *self.properties.values(), *self.galleries.values()]
        return {batch.path: batch for batch in (*shared, *of_studies)}

    @property
    def documents(self) -> dict[str, Document]:
        """Return all documents by their files."""
        found = (each for study in self.studies.values() for each in study.documents.values())
        return {document.path: document for document in found}


def make_plan(
    edition: Mapping[str, Any],
    studies: Mapping[str, Json],
    manifest: Mapping[str, Json],
    machines: Mapping[str, Json],
) -> Plan:
    """Plan an edition.

    Parameters
    ----------
    edition
        The edition, checked.
    studies
        Its papers and comparisons, resolved, by id.
    manifest
        The datasets.
    machines
        The machines' profiles by id.
    """
    root = f"results/{edition['edition']}"
    host = _batch("calibration", f"{root}/calibrations/host-{{}}.json", {})
    used = sorted({each for study in studies.values() for each in properties(study)})
    examined = edition["datasets"]["mnist"]  # the papers' most common
    examinations = {
        each: _batch(
            "property",
            f"{root}/properties/{each}-{{}}.json",
            {"property": each, "dataset": examined, "data": content(manifest[examined])},
        )
        for each in used
    }
    shown = sorted({each for study in studies.values() for each in galleries(study)})
    pictures = {
        each: _batch(
            "gallery",
            f"{root}/gallery/{each}-{{}}.json",
            {
                "dataset": each,
                "data": content(manifest[each]),
                "names": manifest[each].get("labels", []),
            },
        )
        for each in shown
    }
    planned = {
        each: _study(study, root, host, examinations, manifest, machines)
        for each, study in studies.items()
    }
    needed = {each for study in planned.values() for each in study.datasets}
    needed |= {examined} if used else set()
    return Plan(
        edition=edition["edition"],
        studies=planned,
        host=host,
        properties=examinations,
        galleries=pictures,
        datasets={each: {key: manifest[each][key] for key in CONTENT} for each in sorted(needed)},
    )


def content(entry: Mapping[str, Any]) -> Json:
    """Return what a dataset holds, by checksums, as `pnncore.data.dataset.content` finds it when it is prepared."""
    return {
        "classes": entry["classes"],
        **{
            split: {kind: parts[kind]["content_sha256"] for kind in ("images", "labels")}
            for split, parts in entry["splits"].items()
        },
    }


def properties(study: Mapping[str, Any]) -> list[str]:
    """List the properties that a resolved study's claims and findings rest on, or its exhibits show."""
    shown = {each["property"] for each in study["exhibits"].values() if "property" in each}
    return sorted(shown | {test["property"] for test in _tests(study) if "property" in test})


def galleries(study: Mapping[str, Any]) -> list[str]:
    """List the datasets whose images a resolved study's exhibits show."""
    named_by_paper = (each["dataset"] for each in study["exhibits"].values() if "dataset" in each)
    return sorted({study["edition"]["datasets"][each] for each in named_by_paper})


def datasets(study: Mapping[str, Any]) -> list[str]:
    """List the datasets that a resolved study's jobs use, its claims are tested by, or its exhibits show."""
    stages = (*study["experiments"].values(), *study["timings"].values())
    tests = (test for test in _tests(study) if "dataset" in test)
    used = {study["edition"]["datasets"][use["dataset"]] for use in (*stages, *tests)}
    return sorted({*used, *galleries(study)})


def _study(
    study: Json,
    root: str,
    host: Batch,
    examinations: Mapping[str, Batch],
    manifest: Mapping[str, Json],
    machines: Mapping[str, Json],
) -> StudyPlan:
    calibrations = dict(_calibrations(study, root, manifest))
    fitted = _model(study, root, host, calibrations, machines)
    parts: Json = {
        "runs": list(_runs(study, root, manifest)),
        "repeats": _repeats(study, root, manifest, machines),
        "calibrations": calibrations,
        "model": fitted,
        "predictions": _predictions(study, root, host, calibrations, fitted, machines),
        "properties": properties(study),
        "datasets": datasets(study),
    }
    plan = StudyPlan(**parts, documents={})
    named_files = {
        "study": study["id"],
        "runs": [batch.path for batch in plan.runs],
        "timings": [batch.path for batch in plan.timings],
        "calibrations": [batch.path for batch in calibrations.values()],
        "predictions": [plan.predictions.path] if plan.predictions else [],
        "models": [fitted.path] if fitted else [],
        "properties": {each: examinations[each].path for each in plan.properties},
        "datasets": [f"resources/datasets/{each}/dataset.json" for each in plan.datasets],
        "host": host.path,
    }
    folder = f"{root}/config/{study['id']}"
    plan.documents.update(
        judged=_document(f"{folder}-{{}}.json", study),
        drawn=_document(f"{folder}-exhibits-{{}}.json", unjudged(study)),
        records=_document(f"{folder}-records-{{}}.json", named_files),
    )
    return plan


def _runs(study: Json, root: str, manifest: Mapping[str, Json]) -> Iterator[Batch]:
    for experiment, settings in study["experiments"].items():
        for variant, own in settings["variants"].items():
            spec = {
                **_spec(study, experiment, settings, variant, manifest),
                "workers": own["workers"],
                "seeds": own["seeds"],
                "evaluate_every": own["evaluate_every"],
                "evaluate_children": own["evaluate_children"],
                "evaluate_training": own["evaluate_training"],
            }
            folder = f"{root}/runs/{study['id']}/{experiment}/{variant}"
            yield _batch("run", f"{folder}/{{}}.json", spec)


def _repeats(
    study: Json, root: str, manifest: Mapping[str, Json], machines: Mapping[str, Json]
) -> dict[int, list[Batch]]:
    found: dict[int, list[Batch]] = {}
    for timing, settings in study["timings"].items():
        for variant, own in settings["variants"].items():
            spec = {
                **_spec(study, timing, settings, variant, manifest),
                "workers": own["workers"],
                "seed": own["seed"],
                # Cores to be confined to; the host itself never is.
                "hardware": {
                    each: None if each == HOST else Machine.from_profile(machines[each]).cores
                    for each in own["hardware"]
                },
            }
            folder = f"{root}/timings/{study['id']}/{timing}/{variant}"
            for number in range(1, 1 + own["repeats"]):
                batch = _batch(
                    "repeat", f"{folder}/repeat{number}-{{}}.json", {**spec, "repeat": number}
                )
                found.setdefault(number, []).append(batch)
    return found


def _calibrations(
    study: Json, root: str, manifest: Mapping[str, Json]
) -> Iterator[tuple[str, Batch]]:
    """Yield a calibration for each timed variant."""
    for timing, settings in study["timings"].items():
        for variant, own in settings["variants"].items():
            fitted = _is_modelled(study, timing, variant)
            spec = {
                **_spec(study, timing, settings, variant, manifest),
                "workers": _modelled_workers(study, timing, variant),
                "seed": own["seed"],
                "published": study["model"]["scale"] if fitted else None,
            }
            path = f"{root}/calibrations/{study['id']}/{timing}/{variant}-{{}}.json"
            yield f"{timing}/{variant}", _batch("calibration", path, spec)


def _model(
    study: Json,
    root: str,
    host: Batch,
    calibrations: Mapping[str, Batch],
    machines: Mapping[str, Json],
) -> Batch | None:
    if "model" not in study:
        return None
    spec = {
        **study["model"],
        "paper": study["id"],
        "machines": _machines(_own_machines(study, machines)),
        "calibration": calibrations[_modelled_variant(study)].path,
        "host": host.path,
    }
    return _batch("model", f"{root}/models/{study['id']}-{{}}.json", spec)


def _predictions(
    study: Json,
    root: str,
    host: Batch,
    calibrations: Mapping[str, Batch],
    fitted: Batch | None,
    machines: Mapping[str, Json],
) -> Batch | None:
    if not calibrations:
        return None
    own = fitted and {
        "path": fitted.path,
        "variant": _modelled_variant(study),
        "machines": list(_own_machines(study, machines)),
    }
    spec = {
        "study": study["id"],
        "host": host.path,
        "calibrations": {each: batch.path for each, batch in calibrations.items()},
        "machines": _machines(machines),
        "model": own,
    }
    return _batch("prediction", f"{root}/predictions/{study['id']}-{{}}.json", spec)


def _spec(
    study: Json, stage: str, settings: Json, variant: str, manifest: Mapping[str, Json]
) -> Json:
    """Return what the runs, the timings and the calibration of a variant have in common."""
    own = settings["variants"][variant]
    dataset = study["edition"]["datasets"][settings["dataset"]]
    return {
        "paper": study["id"],
        "experiment": stage,
        "variant": variant,
        "dataset": dataset,
        "data": content(manifest[dataset]),
        "strategy": own["strategy"],
        "options": own["options"],
        "network": own["network"],
        "training": own["training"],
        "samples": own["samples"],
    }


def _machines(profiles: Mapping[str, Json]) -> dict[str, Json]:
    """Return what models need of machines."""
    return {
        each: {**asdict(Machine.from_profile(profile)), "assumed": sorted(profile["assumed"])}
        for each, profile in profiles.items()
    }


def _own_machines(study: Json, machines: Mapping[str, Json]) -> dict[str, Json]:
    return {
        each: profile for each, profile in machines.items() if profile.get("paper") == study["id"]
    }


def _modelled_variant(study: Json) -> str:
    return f"{study['model']['timing']}/{study['model']['variant']}"


def _is_modelled(study: Json, timing: str, variant: str) -> bool:
    """Tell whether a timed variant is the one that stands for the paper's own program."""
    return "model" in study and f"{timing}/{variant}" == _modelled_variant(study)


def _modelled_workers(study: Json, timing: str, variant: str) -> list[int]:
    """Return the worker counts that a variant is modelled for: what is timed, what is published, and powers of two."""
    own = study["timings"][timing]["variants"][variant]
    most = named(own["strategy"]).most_workers
    if most is not None:
        return list(range(1, most + 1))
    published = study["model"]["points"] if _is_modelled(study, timing, variant) else ()
    return sorted({*MODELLED, *own["workers"], *(point["workers"] for point in published)})


def _tests(study: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the tests of a study's claims and findings, and those that they are made of."""
    waiting = [
        check["test"]
        for entry in (*study["claims"], *study["findings"])
        for part in ("checks", "trend", "numbers")
        for check in entry.get(part, ())
    ]
    while waiting:
        test = waiting.pop()
        for inner in COMBINED:
            waiting += test.get(inner, ())
        yield test


def _batch(kind: str, path: str, spec: Json) -> Batch:
    made = made_of(kind, spec)
    return Batch(path.format(name(made)), made)


def _document(path: str, content: Json) -> Document:
    # As whoever reads the file finds it: JSON has no tuples, and its keys are texts.
    return Document(path.format(name(content)), json.loads(json.dumps(content)))
