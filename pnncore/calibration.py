"""What the units of schedules cost on this host, measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from scipy.optimize import nnls

from pnncore.arrays import make_aligned
from pnncore.datasets import Dataset
from pnncore.environment import environment
from pnncore.hardware import host
from pnncore.kernels.probes import exchange, list_samples, meet
from pnncore.kernels.threads import make_barrier
from pnncore.parameters import VERSION
from pnncore.pool import Pool, pool
from pnncore.run import Progress, make_task, warm_up
from pnncore.schedule import Schedule
from pnncore.strategies.contract import Strategy, Task

REPEATS = 5
"""Times that everything is measured; the fastest counts: what it costs while nothing else disturbs it."""

SAMPLES = 3000
"""Training samples of a pass: enough to take milliseconds, and few enough for a calibration of seconds."""

WORKERS = (1, 2, 8, 32)
"""Workers whose work one thread does, one after another: the more of them, the rarer and the larger the merges."""


def calibrate_variant(
    strategy: Strategy, spec: Mapping[str, Any], dataset: Dataset, progress: Progress
) -> dict[str, Any]:
    """Measure what the units of a variant's schedule cost one thread, and state its schedules.

    One thread does the work of several workers, one after another: so nothing is measured but the work. How much of it
    is computing and how much merging differs with the number of workers, which tells their costs apart.

    Parameters
    ----------
    strategy
        The strategy; the specification's ``strategy`` names it.
    spec
        A timing's specification, whose ``workers`` is a list and whose ``published`` says how many samples and epochs
        a paper's own program has, if there is one: see docs/architecture.md.
    dataset
        The dataset to train on.
    progress
        Is told what was found.

    Returns
    -------
    dict
        Calibration record: see docs/architecture.md.
    """
    with pool("threading", 1) as one:
        tasks = {n: _task(strategy, spec, dataset, n, one) for n in spec["workers"]}
        counts = [n for n in WORKERS if n <= (strategy.most_workers or n)]
        small = [_first(_task(strategy, spec, dataset, n, one), SAMPLES) for n in counts]
        warm_up(strategy, small[0])
        seconds = _interleaved([_passing(strategy, task) for task in small])
        schedules = [strategy.schedule(task) for task in small]
        flop, merged = _costs(schedules, seconds)
        pixels = max(r.pixels for task in tasks.values() for r in strategy.schedule(task).rounds)
        costs = {
            "flop": flop,
            "merged": merged,
            "pixel": _pixel_cost(small[0]) if pixels else 0.0,
        }
        published = {
            n: strategy.schedule(_published(task, spec["published"])).as_json()
            for n, task in (tasks.items() if spec["published"] else ())
        }
        described = environment(one.inner_threads())
    loaded = _loaded(strategy, spec, dataset, host().cores)
    progress(
        f"{1 / flop / 1e9:.1f} Gflop/s, {merged * 1e9:.3f} ns a parameter merged, "
        f"{loaded:.2f} times as slow with all cores busy"
    )
    return {
        "record": "calibration",
        "version": VERSION,
        "spec": dict(spec),
        "costs": costs,
        "loaded": loaded,
        "schedules": {n: strategy.schedule(task).as_json() for n, task in tasks.items()},
        "published_schedules": published,
        "machine": asdict(host()),
        "environment": described,
    }


def calibrate_host(progress: Progress) -> dict[str, Any]:
    """Measure what meetings of threads, and handing out tasks, cost on this host.

    Returns
    -------
    dict
        Calibration record of the host: see docs/architecture.md.
    """
    machine = host()
    threads = machine.hardware_threads
    costs = {
        "barrier": _barrier_cost(threads) if threads > 1 else 0.0,
        "switch": median(_barrier_cost(threads * rows) for rows in (4, 8, 16)),
        "byte": _byte_cost() if threads > 1 else 0.0,
        "dispatched": _dispatch_cost(threads),
    }
    for unit, seconds in costs.items():
        progress(f"{unit}: {seconds * 1e6:.4f} microseconds")
    with pool("threading", 1) as one:
        described = environment(one.inner_threads())
    return {
        "record": "calibration",
        "version": VERSION,
        "costs": costs,
        "machine": asdict(machine),
        "environment": described,
    }


def _task(
    strategy: Strategy, spec: Mapping[str, Any], dataset: Dataset, workers: int, workers_pool: Pool
) -> Task:
    task = make_task(strategy, {**spec, "workers": workers}, dataset, workers_pool)
    return replace(task, checkpoints=(task.training.epochs,))


def _first(task: Task, samples: int) -> Task:
    """Return the task with an epoch of its first samples."""
    return replace(
        task,
        pixels=task.pixels[:samples],
        labels=task.labels[:samples],
        training=replace(task.training, epochs=1),
        checkpoints=(1,),
    )


def _published(task: Task, scale: Mapping[str, int]) -> Task:
    """Return the task with as many samples and epochs as a paper's; for its schedule, which looks at no sample."""
    samples, pixels = scale["samples"], task.pixels.shape[1]
    return replace(
        task,
        pixels=np.broadcast_to(np.uint8(0), (samples, pixels)),
        labels=np.broadcast_to(np.uint8(0), (samples,)),
        training=replace(task.training, epochs=scale["epochs"]),
        checkpoints=(scale["epochs"],),
    )


def _passing(strategy: Strategy, task: Task) -> Callable[[], float]:
    """Return what times a pass over a task's samples."""

    def time_pass() -> float:
        snapshots = strategy.train(task)
        next(snapshots)
        with np.errstate(over="ignore", invalid="ignore"):
            started = perf_counter()
            next(snapshots)
            return perf_counter() - started

    return time_pass


def _interleaved(timers: Sequence[Callable[[], float]]) -> list[float]:
    """Return the fastest of each timer's repeats, made in turn with the others'."""
    rows = [[timer() for timer in timers] for _ in range(REPEATS)]
    return [min(column) for column in zip(*rows, strict=True)]


def _costs(schedules: Sequence[Schedule], seconds: Sequence[float]) -> tuple[float, float]:
    """Split times into the cost of an operation and of a merged parameter, neither negative, by least squares."""
    units = np.array([[s.parallel_work, s.merged] for s in schedules], dtype=np.float64)
    # Columns of size one, and every time as important as the others.
    scale = units.max(axis=0).clip(min=1)
    shares, _ = nnls(units / scale / np.array(seconds)[:, None], np.ones(len(seconds)))
    flop, merged = shares / scale
    return float(flop), float(merged)


def _pixel_cost(task: Task) -> float:
    rule = task.training.rule(task.architecture, np.dtype(np.float32))
    which = np.zeros(task.pixels.shape[1] + 1, np.int64)
    inputs = np.zeros(task.pixels.shape[1] + 1, np.float32)
    seconds = _repeated(lambda: list_samples(task.pixels, rule.table, which, inputs))
    return seconds / task.pixels.size


def _loaded(strategy: Strategy, spec: Mapping[str, Any], dataset: Dataset, cores: int) -> float:
    """Return how many times as long one worker's pass takes when all cores make one as when one does."""
    if cores == 1:
        return 1.0
    with ExitStack() as stack, pool("threading", cores) as team:
        pools = [stack.enter_context(pool("threading", 1)) for _ in range(cores)]
        passes = [
            _passing(strategy, _first(_task(strategy, spec, dataset, 1, each), SAMPLES))
            for each in pools
        ]
        many = max(1, round(0.05 / passes[0]()))

        def several(timer: Callable[[], float]) -> float:
            return sum(timer() for _ in range(many))

        alone, together = _interleaved(
            [
                lambda: several(passes[0]),
                lambda: float(np.mean(team.team(several, [(each,) for each in passes]))),
            ]
        )
    return max(1.0, together / alone)


def _barrier_cost(threads: int) -> float:
    """Return the seconds that a meeting of so many threads takes, for each of them."""
    times = max(100, 10_000 // threads)
    with pool("threading", threads) as team:

        def met() -> None:
            barrier = make_barrier(threads)
            team.team(meet, [(barrier, times)] * threads)

        return _repeated(met) / times / threads


def _byte_cost(size: int = 4096) -> float:
    """Return the seconds that it takes to fetch a byte that another core has written, a cache line at a time."""
    times = 200
    line = 64 // 8

    def seconds(step: int) -> float:
        arrays = [make_aligned((size,), np.float64) for _ in range(2)]
        sums = [make_aligned((line,), np.float64) for _ in range(2)]

        def exchanged() -> None:
            barrier = make_barrier(2)
            team.team(
                exchange,
                [(barrier, arrays[r], arrays[1 - r], step, times, sums[r]) for r in range(2)],
            )

        return _repeated(exchanged)

    with pool("threading", 2) as team:
        # The same number of barriers, with next to nothing between them.
        return max(0.0, seconds(line) - seconds(size)) / times / (8 * size)


def _dispatch_cost(threads: int) -> float:
    tasks = 64
    with pool("threading", threads) as workers:
        return _repeated(lambda: workers.map(int, [()] * tasks)) / tasks


def _repeated(call: Callable[[], object]) -> float:
    """Return the fastest of a call's repeats, in seconds."""

    def timer() -> float:
        started = perf_counter()
        call()
        return perf_counter() - started

    return _interleaved([timer])[0]
