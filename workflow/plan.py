"""From an edition's studies to the files that are made for them, each named by what it is made of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET, structs

from pnncore.made_of import MadeOf, made_of, name
from pnncore.strategies.registry import STRATEGIES
from records.check import TestEntry
from records.dataset import Dataset
from records.edition import Edition
from records.job import Examination, Gallery, NamedCalibration, VariantRepeats, VariantRuns
from records.machine import HOST, Machine
from records.model import Fit, FittedModel, PaperModel, Predictions
from records.profile import Profile
from records.record_files import RecordFiles
from records.study import RunVariant, Study, TimingVariant
from records.values import Entry
from workflow.configuration import unjudged
from workflow.references import leaves

Json = dict[str, Any]
Manifest = Mapping[str, Dataset]
Profiles = Mapping[str, Profile]

MODELLED = (1, 2, 4, 8, 16, 32, 64)
"""Worker counts that every variant is modelled for."""

WORDS = ("title", "licence", "citation", "homepage", "labels", "mirrors")
"""Keys of a dataset's entry that say what it is called and where it is, and not what must come out."""


@dataclass(frozen=True)
class Batch:
    """A collection of records that one command makes.

    Attributes
    ----------
    path
        The file, below the repository; its name has a digest of `made`.
    spec
        What the command is told.
    made
        What it is made of, as JSON.
    """

    path: str
    spec: Any
    made: MadeOf


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
        The datasets that are used, as the manifest has them.
    """

    edition: str
    studies: dict[str, StudyPlan]
    host: Batch
    properties: dict[str, Batch]
    galleries: dict[str, Batch]
    datasets: dict[str, Dataset]

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
    edition: Edition,
    studies: Mapping[str, Study],
    manifest: Manifest,
    machines: Profiles,
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
    root = f"results/{edition.edition}"
    host = _batch("calibration", f"{root}/calibrations/host-{{}}.json", Entry())
    used = sorted({each for study in studies.values() for each in properties(study)})
    # By the name that papers give it; what a property says does not depend on which images it is shown by.
    examined = next(iter(edition.datasets.values()))
    examinations = {
        each: _batch(
            "property",
            f"{root}/properties/{each}-{{}}.json",
            Examination(property=each, dataset=examined, data=manifest[examined].content),
        )
        for each in used
    }
    shown = sorted({each for study in studies.values() for each in galleries(study)})
    pictures = {
        each: _batch(
            "gallery",
            f"{root}/gallery/{each}-{{}}.json",
            Gallery(dataset=each, data=manifest[each].content, names=manifest[each].labels or ()),
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
        edition=edition.edition,
        studies=planned,
        host=host,
        properties=examinations,
        galleries=pictures,
        datasets={each: manifest[each] for each in sorted(needed)},
    )


def properties(study: Study) -> list[str]:
    """List the properties that a resolved study's claims and findings rest on, or its exhibits show."""
    shown = {each["property"] for each in study.exhibits.values() if "property" in each}
    return sorted(shown | {test.property for test in _tests(study) if test.property})


def galleries(study: Study) -> list[str]:
    """List the datasets whose images a resolved study's exhibits show."""
    named_by_paper = (each["dataset"] for each in study.exhibits.values() if "dataset" in each)
    return sorted({study.edition.datasets[each] for each in named_by_paper})


def datasets(study: Study) -> list[str]:
    """List the datasets that a resolved study's jobs use, its claims are tested by, or its exhibits show."""
    stages = [entry.dataset for entries in study.stages.values() for entry in entries.values()]
    tested = [test.dataset for test in _tests(study) if test.dataset]
    used = {study.edition.datasets[name] for name in (*stages, *tested)}
    return sorted({*used, *galleries(study)})


def _study(
    study: Study,
    root: str,
    host: Batch,
    examinations: Mapping[str, Batch],
    manifest: Manifest,
    machines: Profiles,
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
    files = RecordFiles(
        study=study.id,
        runs=tuple(batch.path for batch in plan.runs),
        timings=tuple(batch.path for batch in plan.timings),
        calibrations=tuple(batch.path for batch in calibrations.values()),
        predictions=(plan.predictions.path,) if plan.predictions else (),
        models=(fitted.path,) if fitted else (),
        properties={each: examinations[each].path for each in plan.properties},
        datasets=tuple(f"resources/datasets/{each}/dataset.json" for each in plan.datasets),
        host=host.path,
    )
    folder = f"{root}/config/{study.id}"
    plan.documents.update(
        judged=_document(f"{folder}-{{}}.json", study),
        drawn=_document(f"{folder}-exhibits-{{}}.json", unjudged(study)),
        records=_document(f"{folder}-records-{{}}.json", files),
    )
    return plan


def _runs(study: Study, root: str, manifest: Manifest) -> Iterator[Batch]:
    for experiment, entry in study.experiments.items():
        for variant, settings in entry.variants.items():
            spec = VariantRuns(
                **_job(study, experiment, variant, entry.dataset, settings, manifest),
                workers=settings.workers,
                seeds=settings.seeds,
                evaluate_every=settings.evaluate_every,
                evaluate_children=settings.evaluate_children,
                evaluate_training=settings.evaluate_training,
            )
            folder = f"{root}/runs/{study.id}/{experiment}/{variant}"
            yield _batch("run", f"{folder}/{{}}.json", spec)


def _repeats(
    study: Study, root: str, manifest: Manifest, machines: Profiles
) -> dict[int, list[Batch]]:
    found: dict[int, list[Batch]] = {}
    for timing, variant, settings in _timed(study):
        spec = VariantRepeats(
            **_job(study, timing, variant, study.timings[timing].dataset, settings, manifest),
            workers=settings.workers,
            seed=settings.seed,
            # Cores to be confined to; the host itself never is.
            hardware={
                each: None if each == HOST else machines[each].machine.cores
                for each in settings.hardware
            },
            repeat=1,
        )
        folder = f"{root}/timings/{study.id}/{timing}/{variant}"
        for number in range(1, 1 + settings.repeats):
            path = f"{folder}/repeat{number}-{{}}.json"
            batch = _batch("repeat", path, structs.replace(spec, repeat=number))
            found.setdefault(number, []).append(batch)
    return found


def _calibrations(study: Study, root: str, manifest: Manifest) -> Iterator[tuple[str, Batch]]:
    """Yield a calibration for each timed variant."""
    for timing, variant, settings in _timed(study):
        model = study.model if _is_modelled(study, timing, variant) else None
        spec = NamedCalibration(
            **_job(study, timing, variant, study.timings[timing].dataset, settings, manifest),
            workers=_modelled_workers(settings, model or None),
            seed=settings.seed,
            published=model.scale if model else None,
        )
        path = f"{root}/calibrations/{study.id}/{timing}/{variant}-{{}}.json"
        yield f"{timing}/{variant}", _batch("calibration", path, spec)


def _timed(study: Study) -> Iterator[tuple[str, str, TimingVariant]]:
    """Yield the timed variants of a study, each with the timing's name and its own."""
    for timing, entry in study.timings.items():
        for variant, settings in entry.variants.items():
            yield timing, variant, settings


def _model(
    study: Study,
    root: str,
    host: Batch,
    calibrations: Mapping[str, Batch],
    machines: Profiles,
) -> Batch | None:
    if not study.model:
        return None
    spec = Fit(
        **structs.asdict(study.model),
        paper=study.id,
        machines=_own_machines(study, machines),
        calibration=calibrations[study.model.timed].path,
        host=host.path,
    )
    return _batch("model", f"{root}/models/{study.id}-{{}}.json", spec)


def _predictions(
    study: Study,
    root: str,
    host: Batch,
    calibrations: Mapping[str, Batch],
    fitted: Batch | None,
    machines: Profiles,
) -> Batch | None:
    if not calibrations:
        return None
    own = None
    if fitted and study.model:
        owned = tuple(_own_machines(study, machines))
        own = FittedModel(path=fitted.path, variant=study.model.timed, machines=owned)
    spec = Predictions(
        study=study.id,
        host=host.path,
        calibrations={each: batch.path for each, batch in calibrations.items()},
        machines={each: profile.machine for each, profile in machines.items()},
        model=own,
    )
    return _batch("prediction", f"{root}/predictions/{study.id}-{{}}.json", spec)


def _job(
    study: Study,
    stage: str,
    name: str,
    named_by_paper: str,
    variant: RunVariant | TimingVariant,
    manifest: Manifest,
) -> Json:
    """Return what the specifications of runs, timings and calibrations of a variant have in common."""
    dataset = study.edition.datasets[named_by_paper]
    return {
        "paper": study.id,
        "experiment": stage,
        "variant": name,
        "dataset": dataset,
        "data": manifest[dataset].content,
        "strategy": variant.strategy,
        "options": variant.options,
        "network": variant.network,
        "training": variant.training,
        "samples": variant.samples,
    }


def _own_machines(study: Study, machines: Profiles) -> dict[str, Machine]:
    return {
        each: profile.machine for each, profile in machines.items() if profile.paper == study.id
    }


def _is_modelled(study: Study, timing: str, variant: str) -> bool:
    """Tell whether a timed variant is the one that stands for the paper's own program."""
    return study.model is not UNSET and f"{timing}/{variant}" == study.model.timed


def _modelled_workers(variant: TimingVariant, model: PaperModel | None) -> tuple[int, ...]:
    """Return the worker counts that a variant is modelled for: what is timed, what is published, and powers of two."""
    most = STRATEGIES.named(variant.strategy).most_workers
    if most is not None:
        return tuple(range(1, most + 1))
    published = [point.workers for point in model.points] if model else []
    return tuple(sorted({*MODELLED, *variant.workers, *published}))


def _tests(study: Study) -> Iterator[TestEntry]:
    """Yield the tests of a study's claims and findings, and those that they combine."""
    checks = [
        *(check for claim in study.claims for check in (claim.checks or ()) + (claim.trend or ())),
        *(number for finding in study.findings for number in finding.numbers),
    ]
    for check in checks:
        yield from (test for test, _ in leaves(check.test, ""))


def essence(entry: Dataset) -> Json:
    """Return what decides what a dataset holds when it is prepared."""
    content: Json = msgspec.to_builtins(entry)
    return {key: value for key, value in content.items() if key not in WORDS}


def _batch(kind: str, path: str, spec: Entry) -> Batch:
    made = made_of(kind, spec)
    return Batch(path.format(name(made)), spec, made)


def _document(path: str, content: Any) -> Document:
    # As whoever reads the file finds it: JSON has no tuples, and its keys are texts.
    plain = json.loads(msgspec.json.encode(content))
    return Document(path.format(name(plain)), plain)
