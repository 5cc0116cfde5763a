"""Calibration: measured costs of the units of schedules on this host, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from statistics import median
from time import sleep
from typing import Any

import numpy as np
from msgspec import structs

from pnncore.arrays import make_aligned
from pnncore.data.dataset import Dataset
from pnncore.kernels.probes import exchange, meet, visit_pixels
from pnncore.kernels.threads import make_barrier
from pnncore.network.sgd import make_rule
from pnncore.pool import Pool, pool
from pnncore.strategies.contract import Strategy, Task
from pnncore.task import Progress, make_task, warm_up
from pnncore.timing.breakdown import profile
from pnncore.timing.environment import environment
from pnncore.timing.hardware import host
from pnncore.timing.noise import Watch
from pnncore.timing.passes import prepare_pass
from pnncore.timing.stopwatch import medians, timer
from records.job import CalibrationRepeat, HostCalibration
from records.kinds.calibration import (
    CalibrationRecord,
    HostCalibrationRecord,
    MeetingCosts,
    TimedPass,
)
from records.settings import Scale

REPEATS = 3
"""Repeats of calls that take milliseconds. What takes longer is measured once in a repeat of the calibration."""

PASS = 0.1
"""Seconds that a pass of one worker takes, about."""

SAMPLES = (600, 6000)
"""Least and most samples of a pass."""

PROFILED = 4
"""A pass has so many times the samples of a profile, which goes through them eight times."""

WORKERS = (1, 4, 16)
"""Numbers of workers simulated by one thread: the more workers, the rarer and the larger the merges."""

ROWS = (2, 8, 32)
"""Threads per hardware thread when measuring oversubscribed barriers."""

EXCHANGED = 2**16
"""Bytes that two threads exchange: about the parameters of a small network."""

ASLEEP = 0.02
"""Seconds that a dispatched task sleeps."""

LONG_ENOUGH = 0.2
"""Least seconds of a measurement of many turns, which makes the start of the threads, some milliseconds, negligible."""


def calibrate_variant(
    strategy: Strategy, spec: CalibrationRepeat, dataset: Dataset, progress: Progress
) -> CalibrationRecord:
    """Measure what the unit costs of a variant's schedules follow from: see `pnncore.model.costs`.

    First one thread does the work of several workers, one after another, so that only work is measured. The shares of
    computing and merging differ with the number of workers, which separates their costs. Then one worker runs on every
    core. A pass is timed once, after a warm-up: costs are of all repeats of the calibration, each a process of its own.

    Parameters
    ----------
    strategy
        The strategy; the specification's ``strategy`` names it.
    spec
        The repeat of the calibration.
    dataset
        The dataset to train on.
    progress
        Receives a line with the seconds and the mark.
    """
    machine = host()
    watch = Watch(machine.hardware_threads)
    with pool("threading", 1) as one:
        tasks = {n: _task(strategy, spec, dataset, n, one) for n in spec.workers}
        counts = [n for n in WORKERS if n <= (strategy.most_workers or n)]
        whole = [_task(strategy, spec, dataset, n, one) for n in counts]
        samples = _choose_samples(strategy, whole[0])
        small = [_limit_samples(task, samples) for task in whole]
        schedules = {n: strategy.schedule(task) for n, task in tasks.items()}
        reads = any(each.pixels for schedule in schedules.values() for each in schedule.rounds)
        with watch.during(1):
            alone = tuple(_time_pass(strategy, task) for task in small)
            parts = profile(strategy, _limit_samples(small[0], samples // PROFILED))
            pixel = _pixel_cost(small[0]) if reads else 0.0
        published = {
            str(n): strategy.schedule(_scale_to_paper(task, spec.published))
            for n, task in tasks.items()
            if spec.published
        }
        described = environment(one.inner_threads())
    together = _time_together(strategy, spec, dataset, samples, machine.cores, watch)
    conditions = watch.conditions()
    passes = ", ".join(f"{each.seconds:.4f}" for each in alone)
    progress(
        f"{passes} s alone, {together.seconds if together else 0:.4f} s together, {conditions.mark}"
    )
    return CalibrationRecord(
        spec=spec,
        alone=alone,
        together=together,
        pixel=pixel,
        profile=parts,
        schedules={str(n): schedule for n, schedule in schedules.items()},
        published_schedules=published,
        conditions=conditions,
        machine=machine,
        environment=described,
    )


def calibrate_host(spec: HostCalibration, progress: Progress) -> HostCalibrationRecord:
    """Measure the costs of barriers, communication and dispatch on this host, once."""
    machine = host()
    threads = machine.hardware_threads
    watch = Watch(threads)
    with watch.during(threads):
        barrier = _barrier_cost(threads) if threads > 1 else 0.0
        byte = _byte_cost() if threads > 1 else 0.0
    # Starting threads is measured on many of them, too.
    with watch.during(threads * max(ROWS)):
        switch = median(_barrier_cost(threads * rows) for rows in ROWS)
        call, dispatched, started = _dispatch_costs(max(threads, 2))
    costs = MeetingCosts(
        barrier=barrier,
        switch=switch,
        byte=byte,
        call=call,
        dispatched=dispatched,
        started=started,
    )
    for unit, seconds in structs.asdict(costs).items():
        progress(f"{unit}: {seconds * 1e6:.6f} microseconds")
    conditions = watch.conditions()
    progress(conditions.mark)
    with pool("threading", 1) as one:
        described = environment(one.inner_threads())
    return HostCalibrationRecord(
        spec=spec, costs=costs, conditions=conditions, machine=machine, environment=described
    )


def _task(
    strategy: Strategy, spec: CalibrationRepeat, dataset: Dataset, workers: int, workers_pool: Pool
) -> Task[Any]:
    task = make_task(strategy, spec, workers, spec.seed, dataset, workers_pool)
    return replace(task, checkpoints=(task.training.epochs,))


def _choose_samples(strategy: Strategy, task: Task[Any]) -> int:
    """Return how many samples a pass of about `PASS` seconds has, after a warm-up."""
    least, most = SAMPLES
    few = _limit_samples(task, least)
    warm_up(strategy, few, least)
    return min(most, max(least, round(least * PASS / _time_pass(strategy, few).seconds)))


def _limit_samples(task: Task[Any], samples: int) -> Task[Any]:
    """Return the task with one epoch of its first samples, or several epochs if there are fewer samples."""
    epochs = max(1, round(samples / len(task.labels)))
    return replace(
        task,
        pixels=task.pixels[:samples],
        labels=task.labels[:samples],
        training=structs.replace(task.training, epochs=epochs),
        checkpoints=(epochs,),
    )


def _scale_to_paper(task: Task[Any], scale: Scale) -> Task[Any]:
    """Return the task with the paper's numbers of samples and epochs, for its schedule, which reads no sample."""
    samples, pixels = scale.samples, task.pixels.shape[1]
    return replace(
        task,
        pixels=np.broadcast_to(np.uint8(0), (samples, pixels)),
        labels=np.broadcast_to(np.uint8(0), (samples,)),
        training=structs.replace(task.training, epochs=scale.epochs),
        checkpoints=(scale.epochs,),
    )


def _time_pass(strategy: Strategy, task: Task[Any]) -> TimedPass:
    seconds = prepare_pass(strategy, task)().seconds
    return TimedPass(seconds=seconds, schedule=strategy.schedule(task))


def _time_together(
    strategy: Strategy,
    spec: CalibrationRepeat,
    dataset: Dataset,
    samples: int,
    workers: int,
    watch: Watch,
) -> TimedPass | None:
    """Time a pass of so many samples with a worker on every core.

    The variant itself is run, so its workers compete as in its runs: for memory alone, or for a shared network.
    """
    if workers == 1 or (strategy.most_workers or workers) < workers:
        return None
    with pool("threading", workers) as team:
        task = _limit_samples(_task(strategy, spec, dataset, workers, team), samples)
        warm_up(strategy, task, min(SAMPLES))
        with watch.during(workers):
            return _time_pass(strategy, task)


def _pixel_cost(task: Task[Any]) -> float:
    """Return the seconds of reading a sample's pixels, per pixel: an average, since only listed ones take time."""
    rule = make_rule(task.training, task.architecture, np.dtype(np.float32))
    weights, neuron = np.zeros(task.pixels.shape[1], np.float32), np.zeros(1, np.float32)
    seconds = _seconds(lambda: visit_pixels(task.listed, rule.table, weights, neuron))
    return seconds / task.pixels.size


def _barrier_cost(threads: int) -> float:
    """Return the seconds of a barrier of `threads` threads, divided by their number."""
    with pool("threading", threads) as team:

        def meet_often(times: int) -> None:
            barrier = make_barrier(threads)
            team.team(meet, [(barrier, times)] * threads)

        return _per_turn(meet_often) / threads


def _byte_cost() -> float:
    """Return the seconds per byte of fetching cache lines that another core has written."""
    size, line = EXCHANGED // 8, 64 // 8
    arrays = [make_aligned((size,), np.float64) for _ in range(2)]
    sums = [make_aligned((line,), np.float64) for _ in range(2)]

    def exchanging(step: int, partner: int) -> Callable[[int], None]:
        def exchanged(times: int) -> None:
            barrier = make_barrier(2)
            team.team(
                exchange,
                [(barrier, arrays[r], arrays[r ^ partner], step, times, sums[r]) for r in range(2)],
            )

        return exchanged

    with pool("threading", 2) as team:
        # With partner 0, work and barriers are the same, but each thread reads its own array.
        others, own = (_per_turn(exchanging(line, partner)) for partner in (1, 0))
    return max(0.0, others - own) / EXCHANGED


def _dispatch_costs(threads: int) -> tuple[float, ...]:
    """Return the seconds of a call of the pool, of each dispatched task, and of each started thread."""
    many = 32 * threads
    with pool("threading", threads) as workers:

        def nothing(run: Callable[..., Any], count: int) -> float:
            return _seconds(lambda: run(int, [()] * count))

        call = _seconds(lambda: workers.map(sleep, [(ASLEEP,)] * threads)) - ASLEEP
        slopes = [
            max(0.0, nothing(run, many) - nothing(run, threads)) / (many - threads)
            for run in (workers.map, workers.team)
        ]
    return call, *slopes


def _per_turn(run: Callable[[int], None]) -> float:
    """Return the seconds of a turn, measured over so many turns that starting them is negligible."""
    run(1)  # Compile and load.
    times, seconds = 100, 0.0
    while seconds < LONG_ENOUGH:
        times *= 4
        seconds = timer(partial(run, times))()
    return seconds / times


def _seconds(call: Callable[[], object]) -> float:
    """Return the median seconds of a short call's repeats."""
    return medians([timer(call)], REPEATS)[0]
