"""The files that are made for a study."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec import UNSET, structs

from records.dataset import Manifest
from records.job import HostCalibration, NamedCalibrationRepeat, VariantRepeats, VariantRuns
from records.machine import HOST, Machine
from records.model import Fit, FittedModel, Predictions
from records.profile import Profile
from records.record_files import RecordFiles
from records.study import Study
from records.variants import RunVariant, TimingVariant
from workflow.batch import Batch, Document, Json, make_batch, make_document
from workflow.configuration import unjudged
from workflow.modelled import known_workers, modelled_workers, unseen_times
from workflow.pack import Pack, pack_study
from workflow.uses import datasets, properties

Profiles = Mapping[str, Profile]

CALIBRATIONS = (1, 2, 3)
"""Repeats of every calibration: of three, the median is not that of the one that was disturbed."""


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
        The repeats of the calibration of each timed variant, by ``timing/variant``.
    model
        The paper's fitted model, if it prints something to fit it to.
    predictions
        What the timed variants would take on other machines; None if nothing is timed.
    properties
        Names of the properties that its claims, findings and exhibits rest on.
    datasets
        Names of the datasets that it uses.
    packs
        What each process trains, times or calibrates, by stage: ``train``, ``time`` and ``calibrate``.
    documents
        By what they are for: ``judged`` and ``drawn`` (resolved configurations, the latter without claims and
        findings) and ``records`` (which files hold its results).
    """

    runs: list[Batch]
    repeats: dict[int, list[Batch]]
    calibrations: dict[str, list[Batch]]
    model: Batch | None
    predictions: Batch | None
    properties: list[str]
    datasets: list[str]
    packs: dict[str, list[Pack]]
    documents: dict[str, Document]

    @property
    def timings(self) -> list[Batch]:
        """Return all repeats."""
        return [batch for batches in self.repeats.values() for batch in batches]

    @property
    def calibrated(self) -> list[Batch]:
        """Return all repeats of calibrations."""
        return [batch for batches in self.calibrations.values() for batch in batches]

    @property
    def batches(self) -> list[Batch]:
        """Return all that is trained, timed and modelled for it."""
        own = [*self.runs, *self.timings, *self.calibrated]
        return [*own, *(each for each in (self.model, self.predictions) if each is not None)]


def plan_study(
    study: Study,
    root: str,
    host: Sequence[Batch],
    examinations: Mapping[str, Batch],
    manifest: Manifest,
    machines: Profiles,
) -> StudyPlan:
    """Plan a study.

    Parameters
    ----------
    study
        The study, resolved.
    root
        Folder of the edition's results.
    host, examinations
        Repeats of the calibration of the host, and examinations of properties, which studies share.
    manifest, machines
        Datasets and profiles of machines by name.
    """
    runs, repeats = _runs(study, root, manifest), _repeats(study, root, manifest, machines)
    calibrations = dict(_calibrations(study, root, manifest))
    fitted = _model(study, root, host, calibrations, machines)
    parts: Json = {
        "runs": [batch for batches in runs.values() for batch in batches],
        "repeats": repeats,
        "calibrations": calibrations,
        "model": fitted,
        "predictions": _predictions(study, root, host, calibrations, fitted, machines),
        "properties": properties(study),
        "datasets": datasets(study),
        "packs": pack_study(study.id, runs, repeats, calibrations, manifest),
    }
    plan = StudyPlan(**parts, documents={})
    files = RecordFiles(
        study=study.id,
        metrics=study.metrics,
        runs=_paths(plan.runs),
        timings=_paths(plan.timings),
        calibrations=_paths(plan.calibrated),
        predictions=(plan.predictions.path,) if plan.predictions else (),
        models=(fitted.path,) if fitted else (),
        properties=tuple(examinations[each].path for each in plan.properties),
        datasets=tuple(f"resources/datasets/{each}/dataset.json" for each in plan.datasets),
        host=_paths(host),
    )
    folder = f"{root}/config/{study.id}"
    plan.documents.update(
        judged=make_document(f"{folder}-{{}}.json", study),
        drawn=make_document(f"{folder}-exhibits-{{}}.json", unjudged(study)),
        records=make_document(f"{folder}-records-{{}}.json", files),
    )
    return plan


def _runs(study: Study, root: str, manifest: Manifest) -> dict[str, list[Batch]]:
    """Return the runs of each variant of each experiment."""
    found: dict[str, list[Batch]] = {}
    for experiment, entry in study.experiments.items():
        for variant, settings in entry.variants.items():
            spec = VariantRuns(
                **_job(study, experiment, variant, entry.dataset, settings, manifest),
                workers=settings.workers,
                seeds=settings.seeds,
                # Tested at the end alone in either case, so that experiments which differ in this share their runs.
                evaluate_every=min(settings.evaluate_every, settings.training.epochs),
                evaluate_children=settings.evaluate_children,
                evaluate_training=settings.evaluate_training,
            )
            folder = f"{root}/runs/{study.id}/{experiment}/{variant}"
            batch = make_batch("run", f"{folder}/{{}}.json", spec)
            found.setdefault(experiment, []).append(batch)
    return found


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
            batch = make_batch("repeat", path, structs.replace(spec, repeat=number))
            found.setdefault(number, []).append(batch)
    return found


def _calibrations(study: Study, root: str, manifest: Manifest) -> Iterator[tuple[str, list[Batch]]]:
    """Yield the repeats of a calibration for each timed variant."""
    for timing, variant, settings in _timed(study):
        model = study.model if _is_modelled(study, timing, variant) else None
        spec = NamedCalibrationRepeat(
            **_job(study, timing, variant, study.timings[timing].dataset, settings, manifest),
            workers=modelled_workers(settings, known_workers(study) if model else ()),
            seed=settings.seed,
            published=model.scale if model else None,
            repeat=1,
        )
        folder = f"{root}/calibrations/{study.id}/{timing}/{variant}"
        yield f"{timing}/{variant}", list(repeat_calibration(folder, spec))


def repeat_calibration(
    folder: str, spec: NamedCalibrationRepeat | HostCalibration
) -> Iterator[Batch]:
    """Yield the repeats of a calibration, of which `spec` is the first."""
    for number in CALIBRATIONS:
        path = f"{folder}/repeat{number}-{{}}.json"
        yield make_batch("calibration", path, structs.replace(spec, repeat=number))


def _paths(batches: Iterable[Batch]) -> tuple[str, ...]:
    return tuple(batch.path for batch in batches)


def _timed(study: Study) -> Iterator[tuple[str, str, TimingVariant]]:
    """Yield the timed variants of a study, each with the timing's name and its own."""
    for timing, entry in study.timings.items():
        for variant, settings in entry.variants.items():
            yield timing, variant, settings


def _model(
    study: Study,
    root: str,
    host: Sequence[Batch],
    calibrations: Mapping[str, Sequence[Batch]],
    machines: Profiles,
) -> Batch | None:
    if not study.model:
        return None
    spec = Fit(
        **structs.asdict(study.model),
        paper=study.id,
        machines=_own_machines(study, machines),
        calibration=_paths(calibrations[study.model.timed]),
        host=_paths(host),
        unseen=tuple(unseen_times(study)),
    )
    return make_batch("model", f"{root}/models/{study.id}-{{}}.json", spec)


def _predictions(
    study: Study,
    root: str,
    host: Sequence[Batch],
    calibrations: Mapping[str, Sequence[Batch]],
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
        host=_paths(host),
        calibrations={each: _paths(batches) for each, batches in calibrations.items()},
        machines={each: profile.machine for each, profile in machines.items()},
        model=own,
    )
    return make_batch("prediction", f"{root}/predictions/{study.id}-{{}}.json", spec)


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
