"""Calibration: measured costs of the units of schedules on this host."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median
from time import perf_counter, sleep
from typing import Any

import numpy as np
from msgspec import structs
from scipy.optimize import nnls

from pnncore.arrays import make_aligned
from pnncore.data.dataset import Dataset
from pnncore.kernels.probes import exchange, meet, visit_pixels
from pnncore.kernels.threads import make_barrier
from pnncore.model.parameters import SMT_YIELD
from pnncore.model.replay import Costs, Processor, replay
from pnncore.network.sgd import make_rule
from pnncore.pool import Pool, pool
from pnncore.strategies.contract import Strategy, Task
from pnncore.task import Progress, make_task, warm_up
from pnncore.timing.breakdown import profile
from pnncore.timing.environment import environment
from pnncore.timing.hardware import host
from pnncore.timing.passes import pass_timer
from pnncore.timing.stopwatch import medians, timer
from records.job import VariantCalibration
from records.kinds.calibration import (
    CalibrationRecord,
    HostCalibrationRecord,
    MeetingCosts,
    WorkCosts,
)
from records.machine import Machine
from records.schedule import Schedule
from records.settings import Scale

REPEATS = 3
"""Repeats of every measurement."""

SAMPLES = 6000
"""Samples of a pass: it takes about a tenth of a second, a whole calibration some seconds."""

WORKERS = (1, 4, 16)
"""Numbers of workers simulated by one thread: the more workers, the rarer and the larger the merges."""

ROWS = (2, 8, 32)
"""Threads per hardware thread when measuring oversubscribed barriers."""

EXCHANGED = 2**16
"""Bytes that two threads exchange: about the parameters of a small network."""

LONG_ENOUGH = 0.2
"""Least seconds of a measurement of many turns, which makes the start of the threads, some milliseconds, negligible."""


def calibrate_variant(
    strategy: Strategy,
    spec: VariantCalibration,
    dataset: Dataset,
    host_costs: MeetingCosts,
    progress: Progress,
) -> CalibrationRecord:
    """Measure the unit costs of a variant's schedules.

    First one thread does the work of several workers, one after another, so that only work is measured. The shares of
    computing and merging differ with the number of workers, which separates their costs. Then one worker runs on every
    core.

    Parameters
    ----------
    strategy
        The strategy; the specification's ``strategy`` names it.
    spec
        The calibration.
    dataset
        The dataset to train on.
    host_costs
        The ``costs`` of the host's calibration record.
    progress
        Receives a line with the costs.
    """
    with pool("threading", 1) as one:
        tasks = {n: _task(strategy, spec, dataset, n, one) for n in spec.workers}
        counts = [n for n in WORKERS if n <= (strategy.most_workers or n)]
        small = [_limit_samples(_task(strategy, spec, dataset, n, one), SAMPLES) for n in counts]
        warm_up(strategy, small[0])
        seconds = medians([pass_timer(strategy, task) for task in small], REPEATS)
        parts = profile(strategy, small[0])
        schedules = [strategy.schedule(task) for task in small]
        flop, merged = _costs(schedules, seconds)
        pixels = max(r.pixels for task in tasks.values() for r in strategy.schedule(task).rounds)
        costs = WorkCosts(flop=flop, merged=merged, pixel=_pixel_cost(small[0]) if pixels else 0.0)
        published = {
            str(n): strategy.schedule(_scale_to_paper(task, spec.published))
            for n, task in tasks.items()
            if spec.published
        }
        described = environment(one.inner_threads())
    machine = host()
    all_costs = Costs(**structs.asdict(costs), **structs.asdict(host_costs))
    loaded = _measure_slowdown(strategy, spec, dataset, all_costs, machine)
    progress(
        f"{flop * 1e9:.4f} s per Gflop, {merged * 1e9:.3f} ns per merged parameter, "
        f"{loaded:.2f} times as slow with all cores busy"
    )
    return CalibrationRecord(
        spec=spec,
        costs=costs,
        loaded=loaded,
        profile=parts,
        schedules={str(n): strategy.schedule(task) for n, task in tasks.items()},
        published_schedules=published,
        machine=machine,
        environment=described,
    )


def calibrate_host(progress: Progress) -> HostCalibrationRecord:
    """Measure the costs of barriers, communication and dispatch on this host."""
    machine = host()
    threads = machine.hardware_threads
    call, dispatched, started = _dispatch_costs(max(threads, 2))
    costs = MeetingCosts(
        barrier=_barrier_cost(threads) if threads > 1 else 0.0,
        switch=median(_barrier_cost(threads * rows) for rows in ROWS),
        byte=_byte_cost() if threads > 1 else 0.0,
        call=call,
        dispatched=dispatched,
        started=started,
    )
    for unit, seconds in structs.asdict(costs).items():
        progress(f"{unit}: {seconds * 1e6:.6f} microseconds")
    with pool("threading", 1) as one:
        described = environment(one.inner_threads())
    return HostCalibrationRecord(costs=costs, machine=machine, environment=described)


def _task(
    strategy: Strategy, spec: VariantCalibration, dataset: Dataset, workers: int, workers_pool: Pool
) -> Task[Any]:
    task = make_task(strategy, spec, workers, spec.seed, dataset, workers_pool)
    return replace(task, checkpoints=(task.training.epochs,))


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


def _costs(schedules: Sequence[Schedule], seconds: Sequence[float]) -> tuple[float, float]:
    """Fit the costs of an operation and of a merged parameter by non-negative least squares."""
    units = np.array([[s.parallel_work, s.merged] for s in schedules], dtype=np.float64)
    # Columns are scaled to a maximum of one, and residuals are relative to the measured times.
    scale = units.max(axis=0).clip(min=1)
    shares, _ = nnls(units / scale / np.array(seconds)[:, None], np.ones(len(seconds)))
    flop, merged = shares / scale
    return float(flop), float(merged)


def _pixel_cost(task: Task[Any]) -> float:
    """Return the seconds of reading a sample's pixels, per pixel: an average, since only listed ones take time."""
    rule = make_rule(task.training, task.architecture, np.dtype(np.float32))
    weights, neuron = np.zeros(task.pixels.shape[1], np.float32), np.zeros(1, np.float32)
    seconds = _median_seconds(lambda: visit_pixels(task.listed, rule.table, weights, neuron))
    return seconds / task.pixels.size


def _measure_slowdown(
    strategy: Strategy, spec: VariantCalibration, dataset: Dataset, costs: Costs, machine: Machine
) -> float:
    """Return the slowdown of tasks with a worker on every core, relative to the unit costs; at least 1.

    The variant itself is run, so its workers compete as in its runs: for memory alone, or for a shared network.
    """
    workers = machine.cores
    if workers == 1 or (strategy.most_workers or workers) < workers:
        return 1.0
    with pool("threading", workers) as team:
        task = _limit_samples(_task(strategy, spec, dataset, workers, team), SAMPLES)
        (seconds,) = medians([pass_timer(strategy, task)], REPEATS)
    schedule = strategy.schedule(task)

    def replayed(loaded: float) -> float:
        processor = Processor(machine.cores, machine.threads_per_core, SMT_YIELD, loaded)
        return replay(schedule, processor, costs).seconds

    # The slowdown multiplies only tasks and shared merges, so the replayed time is linear in it.
    undisturbed = replayed(1)
    slope = replayed(2) - undisturbed
    return max(1.0, 1 + (seconds - undisturbed) / slope) if slope > 0 else 1.0


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
    """Return the seconds of a call of the pool, of each dispatched task, and of each started thread.

    The pool polls every few milliseconds for the end of the last task, so tasks of several lengths are dispatched.
    """
    many = 32 * threads
    with pool("threading", threads) as workers:

        def sleeping(length: float) -> float:
            return _median_seconds(lambda: workers.map(sleep, [(length,)] * threads)) - length

        def nothing(run: Callable[..., Any], count: int) -> float:
            return _median_seconds(lambda: run(int, [()] * count))

        delays = [sleeping(0.02 + 0.0017 * place) for place in range(6)]
        slopes = [
            max(0.0, nothing(run, many) - nothing(run, threads)) / (many - threads)
            for run in (workers.map, workers.team)
        ]
    return median(delays), *slopes


def _per_turn(run: Callable[[int], None]) -> float:
    """Return the seconds of a turn, measured over so many turns that starting them is negligible."""
    run(1)  # Compile and load.
    times, seconds = 100, 0.0
    while seconds < LONG_ENOUGH:
        times *= 4
        started = perf_counter()
        run(times)
        seconds = perf_counter() - started
    return _median_seconds(lambda: run(times)) / times


def _median_seconds(call: Callable[[], object]) -> float:
    """Return the median seconds of a call's repeats."""
    return medians([timer(call)], REPEATS)[0]
