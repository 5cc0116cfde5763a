"""What the units of schedules cost on this host, measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import median
from time import perf_counter, sleep
from typing import Any

import msgspec
import numpy as np
from msgspec import structs
from scipy.optimize import nnls

from pnncore.arrays import make_aligned
from pnncore.data.dataset import Dataset
from pnncore.kernels.probes import exchange, list_samples, meet
from pnncore.kernels.threads import make_barrier
from pnncore.model.parameters import SMT_YIELD, VERSION
from pnncore.model.replay import Costs, Processor, replay
from pnncore.network.sgd import make_rule
from pnncore.pool import Pool, pool
from pnncore.run import Progress, make_task, warm_up
from pnncore.strategies.contract import Strategy, Task
from pnncore.strategies.schedule import Schedule
from pnncore.timing.breakdown import profile
from pnncore.timing.environment import environment
from pnncore.timing.hardware import host
from pnncore.timing.passes import pass_timer
from pnncore.timing.stopwatch import medians, timer
from records.job import VariantCalibration
from records.machine import Machine
from records.settings import Scale

REPEATS = 3
"""Times that everything is measured."""

SAMPLES = 6000
"""Samples that a pass visits: enough for a tenth of a second or so, and few enough for a calibration of seconds."""

WORKERS = (1, 4, 16)
"""Workers whose work one thread does, one after another: the more of them, the rarer and the larger the merges."""


ROWS = (2, 8, 32)
"""For the cost of taking turns: threads for each hardware thread."""

EXCHANGED = 2**16
"""Bytes that two threads write for each other: about the parameters of a small network."""

LONG_ENOUGH = 0.2
"""Seconds that turns must take together, so that starting the threads, some milliseconds, does not count."""


def calibrate_variant(
    strategy: Strategy,
    spec: VariantCalibration,
    dataset: Dataset,
    host_costs: Mapping[str, float],
    progress: Progress,
) -> dict[str, Any]:
    """Measure what the units of a variant's schedule cost, and state its schedules.

    First one thread does the work of several workers, one after another: so nothing is measured but the work. How much
    of it is computing and how much merging differs with the number of workers, which tells their costs apart. Then
    there is a worker on every core.

    Parameters
    ----------
    strategy
        The strategy; the specification's ``strategy`` names it.
    spec
        The calibration.
    dataset
        The dataset to train on.
    host_costs
        What meetings and putting workers to work cost: the ``costs`` of the host's calibration record.
    progress
        Is told what was found.

    Returns
    -------
    dict
        Calibration record: see docs/architecture.md.
    """
    with pool("threading", 1) as one:
        tasks = {n: _task(strategy, spec, dataset, n, one) for n in spec.workers}
        counts = [n for n in WORKERS if n <= (strategy.most_workers or n)]
        small = [_first(_task(strategy, spec, dataset, n, one), SAMPLES) for n in counts]
        warm_up(strategy, small[0])
        seconds = medians([pass_timer(strategy, task) for task in small], REPEATS)
        parts = profile(strategy, small[0])
        schedules = [strategy.schedule(task) for task in small]
        flop, merged = _costs(schedules, seconds)
        pixels = max(r.pixels for task in tasks.values() for r in strategy.schedule(task).rounds)
        costs = {
            "flop": flop,
            "merged": merged,
            "pixel": _pixel_cost(small[0]) if pixels else 0.0,
        }
        published = {
            str(n): strategy.schedule(_published(task, spec.published)).as_json()
            for n, task in tasks.items()
            if spec.published
        }
        described = environment(one.inner_threads())
    machine = host()
    loaded = _loaded(strategy, spec, dataset, Costs(**costs, **host_costs), machine)
    progress(
        f"{flop * 1e9:.4f} s a Gflop, {merged * 1e9:.3f} ns a parameter merged, "
        f"{loaded:.2f} times as slow with all cores busy"
    )
    return {
        "record": "calibration",
        "version": VERSION,
        "spec": msgspec.to_builtins(spec),
        "costs": costs,
        "loaded": loaded,
        "profile": parts,
        "schedules": {str(n): strategy.schedule(task).as_json() for n, task in tasks.items()},
        "published_schedules": published,
        "machine": msgspec.to_builtins(machine),
        "environment": described,
    }


def calibrate_host(progress: Progress) -> dict[str, Any]:
    """Measure what meetings of threads, and putting them to work, cost on this host.

    Returns
    -------
    dict
        Calibration record of the host: see docs/architecture.md.
    """
    machine = host()
    threads = machine.hardware_threads
    call, dispatched, started = _dispatch_costs(max(threads, 2))
    costs = {
        "barrier": _barrier_cost(threads) if threads > 1 else 0.0,
        "switch": median(_barrier_cost(threads * rows) for rows in ROWS),
        "byte": _byte_cost() if threads > 1 else 0.0,
        "call": call,
        "dispatched": dispatched,
        "started": started,
    }
    for unit, seconds in costs.items():
        progress(f"{unit}: {seconds * 1e6:.6f} microseconds")
    with pool("threading", 1) as one:
        described = environment(one.inner_threads())
    return {
        "record": "calibration",
        "version": VERSION,
        "costs": costs,
        "machine": msgspec.to_builtins(machine),
        "environment": described,
    }


def _task(
    strategy: Strategy, spec: VariantCalibration, dataset: Dataset, workers: int, workers_pool: Pool
) -> Task[Any]:
    task = make_task(strategy, spec, workers, spec.seed, dataset, workers_pool)
    return replace(task, checkpoints=(task.training.epochs,))


def _first(task: Task[Any], samples: int) -> Task[Any]:
    """Return the task with an epoch of its first samples; with several, if there are not so many."""
    epochs = max(1, round(samples / len(task.labels)))
    return replace(
        task,
        pixels=task.pixels[:samples],
        labels=task.labels[:samples],
        training=structs.replace(task.training, epochs=epochs),
        checkpoints=(epochs,),
    )


def _published(task: Task[Any], scale: Scale) -> Task[Any]:
    """Return the task with as many samples and epochs as a paper's; for its schedule, which looks at no sample."""
    samples, pixels = scale.samples, task.pixels.shape[1]
    return replace(
        task,
        pixels=np.broadcast_to(np.uint8(0), (samples, pixels)),
        labels=np.broadcast_to(np.uint8(0), (samples,)),
        training=structs.replace(task.training, epochs=scale.epochs),
        checkpoints=(scale.epochs,),
    )


def _costs(schedules: Sequence[Schedule], seconds: Sequence[float]) -> tuple[float, float]:
    """Split times into the cost of an operation and of a merged parameter, neither negative, by least squares."""
    units = np.array([[s.parallel_work, s.merged] for s in schedules], dtype=np.float64)
    # Columns of size one, and every time as important as the others.
    scale = units.max(axis=0).clip(min=1)
    shares, _ = nnls(units / scale / np.array(seconds)[:, None], np.ones(len(seconds)))
    flop, merged = shares / scale
    return float(flop), float(merged)


def _pixel_cost(task: Task[Any]) -> float:
    rule = make_rule(task.training, task.architecture, np.dtype(np.float32))
    which = np.zeros(task.pixels.shape[1] + 1, np.int64)
    inputs = np.zeros(task.pixels.shape[1] + 1, np.float32)
    seconds = _repeated(lambda: list_samples(task.pixels, rule.table, which, inputs))
    return seconds / task.pixels.size


def _loaded(
    strategy: Strategy, spec: VariantCalibration, dataset: Dataset, costs: Costs, machine: Machine
) -> float:
    """Return how many times as long tasks take with a worker on every core, of what they would take by the costs.

    It is the variant itself that runs, so workers get in each other's way as they do in its runs: they may share the
    memory alone, or a network.
    """
    workers = machine.cores
    if workers == 1 or (strategy.most_workers or workers) < workers:
        return 1.0
    with pool("threading", workers) as team:
        task = _first(_task(strategy, spec, dataset, workers, team), SAMPLES)
        (seconds,) = medians([pass_timer(strategy, task)], REPEATS)
    schedule = strategy.schedule(task)

    def replayed(loaded: float) -> float:
        processor = Processor(machine.cores, machine.threads_per_core, SMT_YIELD, loaded)
        return replay(schedule, processor, costs).seconds

    # The factor lengthens nothing but the tasks and the common merges, and these in proportion.
    undisturbed = replayed(1)
    longer = replayed(2) - undisturbed
    return max(1.0, 1 + (seconds - undisturbed) / longer) if longer > 0 else 1.0


def _barrier_cost(threads: int) -> float:
    """Return the seconds that a meeting of so many threads takes, for each of them."""
    with pool("threading", threads) as team:

        def met(times: int) -> None:
            barrier = make_barrier(threads)
            team.team(meet, [(barrier, times)] * threads)

        return _per_turn(met) / threads


def _byte_cost() -> float:
    """Return the seconds that it takes to fetch a byte that another core has written, a cache line at a time."""
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
        # The same work and the same meetings, but each thread reads what it has itself written.
        others, own = (_per_turn(exchanging(line, partner)) for partner in (1, 0))
    return max(0.0, others - own) / EXCHANGED


def _dispatch_costs(threads: int) -> tuple[float, ...]:
    """Return the cost of a call of the pool, of each task that it hands out, and of each thread that it starts.

    The pool looks every few milliseconds whether the last task has ended, so tasks of several lengths are handed out.
    """
    many = 32 * threads
    with pool("threading", threads) as workers:

        def sleeping(length: float) -> float:
            return _repeated(lambda: workers.map(sleep, [(length,)] * threads)) - length

        def nothing(run: Callable[..., Any], count: int) -> float:
            return _repeated(lambda: run(int, [()] * count))

        late = [sleeping(0.02 + 0.0017 * place) for place in range(6)]
        slopes = [
            max(0.0, nothing(run, many) - nothing(run, threads)) / (many - threads)
            for run in (workers.map, workers.team)
        ]
    return median(late), *slopes


def _per_turn(run: Callable[[int], None]) -> float:
    """Return the seconds of a turn, from so many that starting them takes next to none of the time."""
    run(1)  # Whatever has to be compiled or loaded is.
    times, seconds = 100, 0.0
    while seconds < LONG_ENOUGH:
        times *= 4
        started = perf_counter()
        run(times)
        seconds = perf_counter() - started
    return _repeated(lambda: run(times)) / times


def _repeated(call: Callable[[], object]) -> float:
    """Return the median of a call's repeats, in seconds."""
    return medians([timer(call)], REPEATS)[0]
