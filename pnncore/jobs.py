"""Jobs: the work for single records, with datasets loaded and pools opened."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from pnncore.data.dataset import Dataset, content, load
from pnncore.pool import pool
from pnncore.strategies.registry import STRATEGIES
from pnncore.timing import affinity
from records.errors import InputError
from records.job import (
    CalibrationRepeat,
    Examination,
    Gallery,
    HostCalibration,
    Job,
    Repeat,
    Run,
)
from records.kinds.calibration import CalibrationRecord, HostCalibrationRecord
from records.kinds.property import PropertyRecord
from records.kinds.repeat import RepeatRecord
from records.kinds.run import RunRecord


def train(spec: Run, data: Path, checkpoint: Path, backend: str, jobs: int) -> RunRecord:
    """Train a run and return its record.

    Parameters
    ----------
    spec
        The run.
    data
        Folder of a prepared dataset.
    checkpoint
        File from which an interrupted run resumes.
    backend, jobs
        Joblib's backend, and number of workers that run at the same time.
    """
    from pnncore.checkpoint import Checkpoint
    from pnncore.run import train

    strategy = STRATEGIES.named(spec.strategy)
    dataset = load_checked(data, spec)
    if strategy.races(strategy.complete(spec.options)):
        jobs = spec.workers
    with pool(backend, jobs) as workers:
        saved = Checkpoint(checkpoint, spec, dataset)
        record = train(strategy, spec, dataset, workers, _progress, saved)
    saved.remove()
    return record


def time(spec: Repeat, data: Path) -> RepeatRecord:
    """Time a run with all its workers at the same time; return the record of the repeat."""
    from pnncore.timing.repeat import measure

    strategy = STRATEGIES.named(spec.strategy)
    dataset = load_checked(data, spec)
    before = affinity.processors()
    try:
        # All workers at the same time, as in the papers, even with more workers than cores.
        with pool("threading", spec.workers) as workers:
            return measure(strategy, spec, dataset, workers, _progress)
    finally:
        affinity.release(before)


def calibrate(spec: CalibrationRepeat, data: Path) -> CalibrationRecord:
    """Calibrate a variant once; return the record of the repeat."""
    from pnncore.model.calibration import calibrate_variant

    strategy = STRATEGIES.named(spec.strategy)
    return calibrate_variant(strategy, spec, load_checked(data, spec), _progress)


def calibrate_host(spec: HostCalibration) -> HostCalibrationRecord:
    """Calibrate this host once; return the record of the repeat."""
    from pnncore.model.calibration import calibrate_host

    return calibrate_host(spec, _progress)


def examine(spec: Examination, data: Path) -> PropertyRecord:
    """Examine a property; return the property record."""
    from pnncore.properties.examination import examine
    from pnncore.properties.registry import PROPERTIES

    return examine(PROPERTIES.named(spec.property), load_checked(data, spec))


def load_checked(folder: Path, spec: Job | Examination | Gallery) -> Dataset:
    """Map a prepared dataset, and check that it is the one of the specification's ``data``.

    Raises
    ------
    InputError
        If it is not prepared, has other content or is damaged.
    """
    if content(folder) != spec.data:
        raise InputError(
            f"{folder}: the prepared data differ from the specification's `data`; delete the folder and prepare "
            "the dataset again"
        )
    return _loaded(folder)


@cache
def _loaded(folder: Path) -> Dataset:
    # Every byte is checked, once per process.
    return load(folder)


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
