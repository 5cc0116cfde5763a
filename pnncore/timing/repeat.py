"""One repeat of a timing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import psutil

from pnncore.data.dataset import Dataset
from pnncore.pool import Pool
from pnncore.strategies.contract import Strategy
from pnncore.task import Progress, is_finite, make_task, warm_up
from pnncore.timing import affinity, environment, hardware
from pnncore.timing.noise import Noise, Usage, mark
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
    before = _state("before")
    train = prepare_pass(strategy, task)
    usage = Usage.now()
    seconds, snapshot = train()
    noise = Noise.between(usage, Usage.now(), psutil.cpu_count() or 1)
    after = _state("after")
    inner = pool.inner_threads()
    (confined,) = pool.map(affinity.processors, [()])
    marked = mark(noise, pool.jobs, machine.hardware_threads)
    progress(f"{seconds:.3f} s, {marked}")
    return RepeatRecord(
        status="completed" if is_finite(snapshot) else "diverged",
        spec=spec,
        cores=machine.cores,
        hardware_threads=machine.hardware_threads,
        jobs=pool.jobs,
        backend=pool.backend,
        repeat=Measurement(
            seconds=seconds,
            started=f"{started:%Y-%m-%dT%H:%M:%SZ}",
            mark=marked,
            affinity=confined,
            others=noise.others,
            steal=noise.steal,
            **before,
            **after,
            blas_threads=max(inner["blas"], default=None),
            openmp_threads=max(inner["openmp"], default=None),
        ),
        environment=environment.environment(inner, whole),
    )


def _state(moment: str) -> dict[str, float | None]:
    """Return the current load and clock, keyed by the moment of reading."""
    return {
        f"load_{moment}": environment.load(),
        f"frequency_mhz_{moment}": hardware.frequency_mhz(),
    }
