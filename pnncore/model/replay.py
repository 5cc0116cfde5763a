"""Replay of a schedule on a machine: the time it would take there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from records.schedule import Round, Schedule

TIME_SLICE = 0.004
"""Seconds after which a scheduler may migrate a thread; on Linux some milliseconds.
Shorter tasks stay on the hardware thread that they started on; longer ones share all of them evenly."""


@dataclass(frozen=True)
class Processor:
    """The properties of a machine that a replay uses.

    Attributes
    ----------
    cores
        Physical cores.
    threads_per_core
        Hardware threads per core.
    smt_yield
        Gain of a core's speed by all its further hardware threads, as a share of one thread's speed.
    loaded
        Slowdown of a task when all cores are busy, relative to one: lower clocks, shared memory and caches.
    """

    cores: int
    threads_per_core: int
    smt_yield: float
    loaded: float

    @property
    def hardware_threads(self) -> int:
        """Number of workers that can run at the same time."""
        return self.cores * self.threads_per_core

    def speed(self, busy: int) -> float:
        """Return the speed of the slowest of `busy` hardware threads, relative to one alone on the machine."""
        fullest = -(-busy // self.cores)
        return self._core_speed(fullest) / fullest / self._slowdown(busy)

    def throughput(self, busy: int) -> float:
        """Return the total speed of `busy` workers that share the hardware threads evenly."""
        busy = min(busy, self.hardware_threads)
        each, rest = divmod(busy, self.cores)
        emptier = (self.cores - rest) * self._core_speed(each)
        fuller = rest * self._core_speed(each + 1) if rest else 0.0
        return (emptier + fuller) / self._slowdown(busy)

    def _core_speed(self, threads: int) -> float:
        """Return the speed of a core with `threads` busy hardware threads."""
        if threads <= 1:
            return float(threads)
        return 1 + self.smt_yield * (threads - 1) / (self.threads_per_core - 1)

    def _slowdown(self, busy: int) -> float:
        if self.cores == 1:
            return 1.0
        return 1 + (self.loaded - 1) * (min(busy, self.cores) - 1) / (self.cores - 1)


@dataclass(frozen=True)
class Costs:
    """Seconds per unit of a schedule, for a worker with a core to itself.

    Attributes
    ----------
    flop
        Per floating-point operation of a task.
    merged
        Per merged parameter.
    pixel
        Per pixel read.
    dispatched
        Per task dispatched to a waiting worker.
    started
        Per thread started.
    call
        Per dispatch of tasks or start of threads, whatever their number, until the end of the last is noticed.
    barrier
        Per barrier and worker, if all workers have a hardware thread.
    switch
        Per barrier and worker, if the workers take turns on the hardware threads.
    byte
        Per byte fetched from another core's cache, while the others fetch theirs.
    serial
        Other serial work, total seconds of a run.
    """

    flop: float
    merged: float = 0.0
    pixel: float = 0.0
    dispatched: float = 0.0
    started: float = 0.0
    call: float = 0.0
    barrier: float = 0.0
    switch: float = 0.0
    byte: float = 0.0
    serial: float = 0.0


class Duration(NamedTuple):
    """Seconds of a run, by purpose.

    Attributes
    ----------
    compute
        Tasks, if they were divided evenly among the hardware threads in use.
    wait
        Waiting for the slowest worker and at barriers.
    merge
        Merging parameters, fetching them from other cores, and other serial work.
    dispatch
        Dispatching tasks and starting threads.
    """

    compute: float = 0.0
    wait: float = 0.0
    merge: float = 0.0
    dispatch: float = 0.0

    @property
    def seconds(self) -> float:
        """Total seconds."""
        return sum(self)


def replay(schedule: Schedule, processor: Processor, costs: Costs) -> Duration:
    """Compute the duration of a schedule on a machine.

    Up to the number of hardware threads, workers run in parallel. Beyond it, tasks shorter than `TIME_SLICE` queue on
    their hardware threads, and longer ones share all hardware threads evenly. A round lasts until its last task is
    done.

    Parameters
    ----------
    schedule
        The schedule.
    processor
        The machine.
    costs
        Unit costs on that machine.
    """
    total = Duration(merge=costs.serial)
    for each in schedule.rounds:
        spent = _replay_round(each, processor, costs)
        total = Duration(
            *(so_far + each.times * part for so_far, part in zip(total, spent, strict=True))
        )
    return total


def _replay_round(this: Round, processor: Processor, costs: Costs) -> Duration:
    workers = len(this.tasks)
    read = this.pixels * costs.pixel
    tasks = [flops * costs.flop + read for flops in this.tasks]
    makespan = _makespan(tasks, processor)
    # The busy cores are faster while another is idle, so an uneven round can beat the even division.
    even = min(_even_time(tasks, processor), makespan)
    serial = this.serial * costs.merged
    if this.overlapping:
        # Workers merge in turn while the others compute: only the excess over the computation adds to the time.
        own = serial / max(1, workers)
        serial = max(serial - makespan, own)
    shared = _makespan([this.shared * costs.merged / max(1, workers)] * workers, processor)
    # A round without tasks is a merge, by one worker, of parameters that others have written.
    fetched = this.bytes_moved * costs.byte if workers != 1 else 0.0
    return Duration(
        compute=even,
        wait=makespan - even + this.barriers * _barrier_time(workers, processor, costs),
        merge=serial + shared + fetched,
        dispatch=_dispatch_time(this, costs),
    )


def _dispatch_time(this: Round, costs: Costs) -> float:
    """Return the seconds of dispatching a round's tasks; a single worker is a plain function call."""
    if max(this.dispatched, this.started) <= 1:
        return 0.0
    return costs.call + this.dispatched * costs.dispatched + this.started * costs.started


def _even_time(tasks: Sequence[float], processor: Processor) -> float:
    """Return the seconds of tasks that are divided evenly among the hardware threads in use."""
    busy = sum(task > 0 for task in tasks)
    return sum(tasks) / processor.throughput(busy) if busy else 0.0


def _makespan(tasks: Sequence[float], processor: Processor) -> float:
    """Return the seconds from the common start of tasks to the end of the last."""
    busy = [task for task in tasks if task > 0]
    if not busy:
        return 0.0
    if sum(busy) / len(busy) >= TIME_SLICE:
        return _shared_makespan(sorted(busy), processor)
    rows = -(-len(busy) // processor.hardware_threads)
    return rows * max(busy) / processor.speed(min(len(busy), processor.hardware_threads))


def _shared_makespan(tasks: Sequence[float], processor: Processor) -> float:
    """Return the makespan of tasks, sorted from the shortest, that share the machine evenly while they run."""
    elapsed = done = 0.0
    for place, task in enumerate(tasks):
        left = len(tasks) - place
        elapsed += (task - done) * left / processor.throughput(left)
        done = task
    return elapsed


def _barrier_time(workers: int, processor: Processor, costs: Costs) -> float:
    """Return the seconds of one barrier."""
    if workers <= 1:
        return 0.0
    each = costs.barrier if workers <= processor.hardware_threads else costs.switch
    return workers * each


def scaled(costs: Costs, ratio: float) -> Costs:
    """Return the costs multiplied by the ratio of clocks, except for the pool's call, which is spent on waiting."""
    slower = {unit: seconds * ratio for unit, seconds in asdict(costs).items()}
    return Costs(**{**slower, "call": costs.call})
