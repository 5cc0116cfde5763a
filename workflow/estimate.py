"""``python -m workflow plan``: the jobs of an edition, and an estimate of their time on this machine.

Every kind of training is run for an epoch on a few samples, with its strategy and its workers, and every kind of
network tested, which takes a minute at most; a batch takes as many times as long as it has more samples and epochs, and
the start of its process. Stages are those of ``cost.csv``, where tables and figures are `tabulate` and `draw`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import check_call
from time import perf_counter
from typing import Final

from msgspec import structs

from pnncore.batches import has_cores
from pnncore.strategies.registry import STRATEGIES
from pnncore.timing.sample_cost import Kind, Noise, epoch_cost, evaluation_cost
from records.dataset import Manifest
from records.job import Job, VariantRepeats, VariantRuns
from snakemake_logger_plugin_pnn import Expected
from workflow.edition import Edition
from workflow.pack import Pack
from workflow.plan import Plan
from workflow.reporting import TABLES
from workflow.study_plan import StudyPlan
from workflow.workload import (
    CALIBRATION,
    DRAWING,
    EXAMINATION,
    HOST_CALIBRATION,
    RECORD,
    START,
    count_samples,
)

SHARED: Final = ("train", "test", "examine", "tables")
"""Stages whose jobs, or most of them, run in parallel, one per core; those of the others run alone on the machine."""

WARM_UP: Final = 0.1
"""Epochs of the warm-up of a timing."""

RATE: Final = 0.01

MADE: Final = ("epochs", "timings", "model_error", "exhibits", "claims")
"""A table of each job that makes tables of a study."""

PUBLISHED: Final = ("provenance.json", "site/.published", "complete.txt")

STAGES: Final = ("train", "test", "time", "calibrate", "examine", "tables")


@dataclass(frozen=True)
class Work:
    """Remaining work for a study, or for all of them together.

    Attributes
    ----------
    paper
        Name of the study.
    runs, timings
        Runs and repeats of timings that do not exist yet.
    stages
        Seconds of jobs by stage.
    """

    paper: str
    runs: int
    timings: int
    stages: Mapping[str, float]

    def seconds(self, cores: int) -> float:
        """Return the seconds on a number of cores."""
        return sum(each / cores if stage in SHARED else each for stage, each in self.stages.items())


def estimate(edition: Edition, root: Path) -> list[Work]:
    """Estimate the remaining work for an edition, study by study, and last what they share.

    Parameters
    ----------
    edition
        The edition.
    root
        Folder of ``results/``.

    Returns
    -------
    list of Work
        One for each study, and one for all.
    """
    start = _start()
    works = [
        _work(name, study, edition, root, start) for name, study in edition.plan.studies.items()
    ]
    return [*works, _shared(edition.plan, root, start)]


def expected(edition: Edition, cores: int) -> dict[str, Expected]:
    """Return what a run expects of long jobs: the study, and the estimated seconds that all cores are busy.

    Parameters
    ----------
    edition
        The edition.
    cores
        Cores that the pipeline may use.
    """
    found: dict[str, Expected] = {}
    for name, study in edition.plan.studies.items():
        title = edition.studies[name].name
        for stage, packs in study.packs.items():
            for pack in packs:
                took = START + pack.seconds
                shared = cores if stage in SHARED else 1
                found[_first_missing(pack)] = Expected(title, took / shared)
        for table in ("epochs", "timings", "exhibits", "claims", "model_error"):
            path = f"results/{edition.plan.edition}/tables/{name}/{table}.csv"
            found[path] = Expected(title, START / cores)
    for batch in edition.plan.host:
        found[batch.path] = Expected("", START + HOST_CALIBRATION)
    return found


def _first_missing(pack: Pack) -> str:
    """Return a file that tells whether a pack is to be made."""
    return next((path for path in pack.paths if not Path(path).exists()), pack.paths[0])


def table(works: list[Work], title: str, cores: int) -> Iterator[str]:
    """Yield the lines of a table of the remaining work."""
    stages: Counter[str] = Counter()
    for work in works:
        stages.update(work.stages)
    runs, timings = sum(work.runs for work in works), sum(work.timings for work in works)
    yield f"{title}, on {cores} core{'' if cores == 1 else 's'}; seconds of jobs by stage:"
    names = "".join(f"{stage:>11}" for stage in STAGES)
    yield f"  {'paper':<24}{'runs':>6}{'repeats':>9}{names}{'about':>12}"
    for work in (*works, Work("all", runs, timings, stages)):
        spent = "".join(f"{work.stages.get(stage, 0.0):>11,.0f}" for stage in STAGES)
        minutes = (
            sum(each.seconds(cores) for each in works if work.paper in (each.paper, "all")) / 60
        )
        yield f"  {work.paper:<24}{work.runs:>6}{work.timings:>9}{spent}{minutes:>8.0f} min"
    yield "Existing results are not counted; `make why` says why the others are missing or outdated."


def _work(name: str, study: StudyPlan, edition: Edition, root: Path, start: float) -> Work:
    """Estimate what is left of a study."""
    manifest = edition.manifest
    modelled = [each for each in (study.model, study.predictions) if each]
    runs, timings, calibrations, others = (
        [each for each in batches if not (root / each.path).exists()]
        for batches in (study.runs, study.timings, study.calibrated, modelled)
    )
    starts = {
        stage: start * sum(any(not (root / path).exists() for path in pack.paths) for pack in packs)
        for stage, packs in study.packs.items()
    }
    tables, figures = _tables(name, study, edition, root)
    trained = sum(len(each.spec.workers) * len(each.spec.seeds) for each in runs)
    timed = sum(len(each.spec.workers) for each in timings)
    return Work(
        paper=edition.studies[name].name,
        runs=trained,
        timings=timed,
        stages={
            "train": starts["train"]
            + trained * RECORD
            + sum(_training(each.spec, manifest) for each in runs),
            "test": sum(_tests(each.spec, manifest) for each in runs),
            "time": starts["time"] + sum(_timing(each.spec, manifest) for each in timings),
            "calibrate": starts["calibrate"] + len(calibrations) * CALIBRATION,
            "tables": start * (tables + len(others)) + DRAWING * figures,
        },
    )


def _tables(name: str, study: StudyPlan, edition: Edition, root: Path) -> tuple[int, int]:
    """Count the missing documents and tables of a study, and its exhibits unless they are drawn."""
    results = f"results/{edition.plan.edition}"
    paths = [document.path for document in study.documents.values()]
    paths += [f"{results}/tables/{name}/{table}.csv" for table in MADE]
    figures = f"{results}/figures/{name}"
    drawn = (root / figures).exists()
    missing = sum(not (root / path).exists() for path in (*paths, figures))
    return missing, 0 if drawn else len(edition.studies[name].exhibits)


def _shared(plan: Plan, root: Path, start: float) -> Work:
    """Estimate what is left of the results that studies share."""
    examined = sum(not (root / each.path).exists() for each in plan.properties.values())
    host = sum(not (root / each.path).exists() for each in plan.host)
    ends = [*(f"tables/{table}.csv" for table in TABLES), *PUBLISHED]
    paths = [*(f"results/{plan.edition}/{end}" for end in ends)]
    paths += [each.path for each in plan.galleries.values()]
    return Work(
        paper="shared by all",
        runs=0,
        timings=0,
        stages={
            "calibrate": host * (start + HOST_CALIBRATION),
            "examine": examined * (start + EXAMINATION),
            "tables": start * sum(not (root / path).exists() for path in paths),
        },
    )


def _training(spec: VariantRuns, manifest: Manifest) -> float:
    """Return the seconds of training a batch of runs."""
    strategy = STRATEGIES.named(spec.strategy)
    races = strategy.races(strategy.complete(spec.options))
    epochs = (
        epoch_cost(_kind(spec, manifest, workers, workers if races else 1))
        for workers in spec.workers
    )
    return spec.training.epochs * len(spec.seeds) * sum(epochs)


def _tests(spec: VariantRuns, manifest: Manifest) -> float:
    """Return the seconds of testing a batch of runs."""
    tested = count_samples(spec, manifest).tested
    return float(tested * evaluation_cost(spec.network, _images(spec, manifest)))


def _timing(spec: VariantRepeats, manifest: Manifest) -> float:
    """Return the seconds of one repeat of a variant's timings, with warm-ups, on all machines that it is made for."""
    machines = sum(map(has_cores, spec.hardware.values()))
    epochs = sum(epoch_cost(_kind(spec, manifest, each, each)) for each in spec.workers)
    passes = (spec.training.epochs + WARM_UP) * epochs
    return machines * (len(spec.workers) * RECORD + passes)


def _kind(spec: Job, manifest: Manifest, workers: int, at_once: int) -> Kind:
    """Return all that decides the seconds of an epoch."""
    splits = manifest[spec.dataset].splits
    samples, _ = spec.samples.counts(splits.train.samples, splits.test.samples)
    return Kind(
        strategy=spec.strategy,
        options=json.dumps(spec.options, sort_keys=True),
        network=spec.network,
        # How long an epoch takes does not depend on the step size.
        training=structs.replace(spec.training, epochs=1, learning_rate=RATE),
        workers=workers,
        at_once=at_once,
        samples=samples,
        images=_images(spec, manifest),
    )


def _images(spec: Job, manifest: Manifest) -> Noise:
    dataset = manifest[spec.dataset]
    return Noise(dataset.image, dataset.classes, dataset.ink)


def _start() -> float:
    """Return the seconds that a training process takes to start."""
    command = [sys.executable, "-c", f"import pnncore.run, {STRATEGIES.modules[0]}"]
    check_call(command)  # noqa: S603 - the command is ours
    started = perf_counter()
    check_call(command)  # noqa: S603
    # Loading the compiled loops takes about a quarter as long again.
    return 1.25 * (perf_counter() - started)
