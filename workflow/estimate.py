"""``python -m workflow plan``: the runs of an edition, and an estimate of their time on this machine.

Every kind of network is trained and tested on a few samples, which takes seconds; a batch takes as many times as long
as it has more samples and epochs, and the start of its process. What merging and waiting cost is not counted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import check_call
from time import perf_counter

from msgspec import structs

from pnncore.strategies.registry import STRATEGIES
from pnncore.timing.sample_cost import Kind, evaluation_cost, learning_cost
from records.dataset import Manifest
from records.job import Job
from snakemake_logger_plugin_pnn import Expected
from workflow.batch import Batch
from workflow.edition import Edition
from workflow.study_plan import StudyPlan
from workflow.workload import CALIBRATION, START, count_samples, seconds


@dataclass(frozen=True)
class Work:
    """Remaining work for a study.

    Attributes
    ----------
    paper
        Name of the study.
    runs, timings
        Runs and repeats of timings that do not exist yet.
    shared
        Seconds of jobs that run in parallel, one per core.
    alone
        Seconds of jobs that run alone on the machine.
    """

    paper: str
    runs: int
    timings: int
    shared: float
    alone: float

    def seconds(self, cores: int) -> float:
        """Return the seconds on a number of cores."""
        return self.shared / cores + self.alone


def estimate(edition: Edition, root: Path) -> list[Work]:
    """Estimate the remaining work for an edition, study by study.

    Parameters
    ----------
    edition
        The edition.
    root
        Folder of ``results/``.

    Returns
    -------
    list of Work
        One for each study.
    """
    start = _start()
    return [
        _work(edition.studies[name].name, study, edition.manifest, root, start)
        for name, study in edition.plan.studies.items()
    ]


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
        for batch in study.runs:
            took = seconds(batch.spec, edition.manifest) / cores
            found[batch.path] = Expected(title, took)
        for batch in study.timings:
            found[batch.path] = Expected(title, seconds(batch.spec, edition.manifest))
        for batch in study.calibrated:
            found[batch.path] = Expected(title, CALIBRATION)
        for table in ("epochs", "timings", "exhibits", "claims", "model_error"):
            path = f"results/{edition.plan.edition}/tables/{name}/{table}.csv"
            found[path] = Expected(title, START / cores)
    for batch in edition.plan.host:
        found[batch.path] = Expected("", CALIBRATION)
    return found


def table(works: list[Work], title: str, cores: int) -> Iterator[str]:
    """Yield the lines of a table of the remaining work."""
    yield f"{title}, on {cores} core{'' if cores == 1 else 's'}:"
    yield f"  {'paper':<28}{'runs':>6}{'repeats of timings':>20}{'about':>12}"
    for work in works:
        minutes = work.seconds(cores) / 60
        yield f"  {work.paper:<28}{work.runs:>6}{work.timings:>20}{minutes:>8.0f} min"
    total = sum(work.seconds(cores) for work in works) / 60
    runs, timings = sum(work.runs for work in works), sum(work.timings for work in works)
    yield f"  {'all':<28}{runs:>6}{timings:>20}{total:>8.0f} min"
    yield "Existing results are not counted; `make why` says why the others are missing or outdated."


def _work(name: str, study: StudyPlan, manifest: Manifest, root: Path, start: float) -> Work:
    runs, timings = (
        [each for each in batches if not (root / each.path).exists()]
        for batches in (study.runs, study.timings)
    )
    calibrations = [each for each in study.calibrated if not (root / each.path).exists()]
    return Work(
        paper=name,
        runs=sum(len(each.spec.workers) * len(each.spec.seeds) for each in runs),
        timings=sum(len(each.spec.workers) for each in timings),
        shared=sum(start + _training(each, manifest) for each in runs),
        alone=sum(start + 1.1 * _pass(each, manifest) for each in timings)
        + CALIBRATION * len(calibrations),
    )


def _training(batch: Batch, manifest: Manifest) -> float:
    """Return the seconds of training and testing a batch of runs."""
    tested: float = count_samples(batch.spec, manifest).tested * evaluation_cost(
        _kind(batch.spec, manifest)
    )
    return _pass(batch, manifest) + tested


def _pass(batch: Batch, manifest: Manifest) -> float:
    """Return the seconds of training on one thread, without tests."""
    return float(
        count_samples(batch.spec, manifest).learned * learning_cost(_kind(batch.spec, manifest))
    )


def _kind(spec: Job, manifest: Manifest) -> Kind:
    """Return the settings that decide the seconds of a sample."""
    dataset = manifest[spec.dataset]
    by_sample = STRATEGIES.named(spec.strategy).by_sample
    batch = 1 if by_sample else spec.training.batch_size
    training = structs.replace(spec.training, epochs=1, batch_size=batch)
    return Kind(spec.network, training, dataset.image, dataset.classes)


def _start() -> float:
    """Return the seconds that a training process takes to start."""
    command = [sys.executable, "-c", f"import pnncore.run, {STRATEGIES.modules[0]}"]
    check_call(command)  # noqa: S603 - the command is ours
    started = perf_counter()
    check_call(command)  # noqa: S603
    # Loading the compiled loops takes about as long again.
    return 2 * (perf_counter() - started)
