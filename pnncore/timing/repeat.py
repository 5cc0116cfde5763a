"""One repeat of a timing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from msgspec import structs

from pnncore.data.dataset import Dataset
from pnncore.pool import Pool
from pnncore.strategies.contract import Strategy
from pnncore.task import Progress, is_finite, make_task, warm_up
from pnncore.timing import affinity, environment, hardware
from pnncore.timing.noise import Watch
from pnncore.timing.passes import prepare_pass
from records.job import Repeat
from records.kinds.repeat import Measurement, RepeatRecord

WARM_UP = 10
"""The warm-up trains on one sample in `WARM_UP`."""


def measure(
    strategy: Strategy,
    spec: Repeat,
    dataset: Dataset,
    pool: Pool,
    progress: Progress,
) -> RepeatRecord:
    """Time a specification once, after a warm-up.

    The time covers training and merging only: no loading, listing of pixels, compiling, initialisation, testing or
    start of the pool. If the specification gives a number of cores, the calling thread is confined to them and stays
    confined.

    Parameters
    ----------
    strategy
        The strategy; the specification's ``strategy`` names it.
    spec
        The repeat.
    dataset
        The dataset to train on.
    pool
        The pool that runs parallel tasks; it must not have run any yet.
    progress
        Receives a line with the seconds and the mark.

    Raises
    ------
    InputError
        If this host has fewer cores than the specification gives, or cannot confine a process.
    """
    whole = environment.host()
    if spec.cores is not None:
        affinity.confine(spec.cores)
    machine = hardware.host()
    task = replace(
        make_task(strategy, spec, spec.workers, spec.seed, dataset, pool),
        checkpoints=(spec.training.epochs,),
    )
    warm_up(strategy, task, len(task.labels) // WARM_UP)
    started = datetime.now(UTC)
    before = _State.now()
    train = prepare_pass(strategy, task)
    watch = Watch(machine.hardware_threads)
    with watch.during(pool.jobs):
        seconds, processor_seconds, snapshot = train()
    conditions = watch.conditions()
    after = _State.now()
    inner = pool.inner_threads()
    (confined,) = pool.map(affinity.processors, [()])
    progress(f"{seconds:.3f} s, {conditions.mark}")
    return RepeatRecord(
        status="completed" if is_finite(snapshot) else "diverged",
        spec=spec,
        cores=machine.cores,
        hardware_threads=machine.hardware_threads,
        jobs=pool.jobs,
        backend=pool.backend,
        repeat=Measurement(
            **structs.asdict(conditions),
            seconds=seconds,
            processor_seconds=processor_seconds,
            started=f"{started:%Y-%m-%dT%H:%M:%SZ}",
            affinity=confined,
            load_before=before.load,
            frequency_mhz_before=before.frequency_mhz,
            load_after=after.load,
            frequency_mhz_after=after.frequency_mhz,
            blas_threads=max(inner["blas"], default=None),
            openmp_threads=max(inner["openmp"], default=None),
        ),
        environment=environment.environment(inner, whole),
    )


class _State(NamedTuple):
    """The machine at a moment: its load, and its clock if it is known."""

    load: float
    frequency_mhz: float | None

    @classmethod
    def now(cls) -> _State:
        return cls(environment.load(), hardware.frequency_mhz())
