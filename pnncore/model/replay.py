"""A schedule replayed on a machine: what it would cost there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from pnncore.strategies.schedule import Round, Schedule

TIME_SLICE = 0.004
"""Seconds that a scheduler lets a thread run before it looks for a better place for it; on Linux some milliseconds.
Shorter tasks stay on the hardware thread that they started on; longer ones share all of them evenly."""


@dataclass(frozen=True)
class Processor:
    """What of a machine a replay needs.

    Attributes
    ----------
    cores
        Physical cores.
    threads_per_core
        Hardware threads of each.
    smt_yield
        What all further hardware threads of a core add to its speed, as a share of one thread's.
    loaded
        How many times as long a task takes when all cores are busy as when one is: lower clocks, shared memory and
        caches.
    """

    cores: int
    threads_per_core: int
    smt_yield: float
    loaded: float

    @property
    def hardware_threads(self) -> int:
        """How many workers can run at once."""
        return self.cores * self.threads_per_core

    def speed(self, busy: int) -> float:
        """Return how fast the slowest of so many busy hardware threads is; 1 for one alone on the machine."""
        fullest = -(-busy // self.cores)
        return self._core_speed(fullest) / fullest / self._slowdown(busy)

    def throughput(self, busy: int) -> float:
        """Return how fast so many workers are together, when they share the hardware threads evenly."""
        busy = min(busy, self.hardware_threads)
        each, rest = divmod(busy, self.cores)
        emptier = (self.cores - rest) * self._core_speed(each)
        fuller = rest * self._core_speed(each + 1) if rest else 0.0
        return (emptier + fuller) / self._slowdown(busy)

    def _core_speed(self, threads: int) -> float:
        """Return the speed of a core with so many busy hardware threads."""
        if threads <= 1:
            return float(threads)
        return 1 + self.smt_yield * (threads - 1) / (self.threads_per_core - 1)

    def _slowdown(self, busy: int) -> float:
        if self.cores == 1:
            return 1.0
        return 1 + (self.loaded - 1) * (min(busy, self.cores) - 1) / (self.cores - 1)


@dataclass(frozen=True)
class Costs:
    """Seconds that each unit of a schedule takes one worker that has a core to itself.

    Attributes
    ----------
    flop
        A floating-point operation of a task.
    merged
        A parameter merged.
    pixel
        A pixel read.
    dispatched
        A task handed out to a worker that waits for it.
    started
        A thread started.
    call
        Handing out tasks or starting threads, however many, and learning that the last of them has ended.
    barrier
        For each worker, a barrier of workers that all have a hardware thread.
    switch
        For each worker, a barrier of workers that have to take turns on the hardware threads.
    byte
        A byte fetched from another core's cache, while the others fetch theirs.
    serial
        What else of a run only one worker can do, seconds in all.
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
    """Seconds by what they are spent on.

    Attributes
    ----------
    compute
        The tasks, were they divided evenly among the hardware threads in use.
    wait
        What workers wait for the slowest of them, and for their meetings.
    merge
        Merging parameters and fetching them from other cores, and other work of one worker.
    dispatch
        Handing out tasks.
    """

    compute: float = 0.0
    wait: float = 0.0
    merge: float = 0.0
    dispatch: float = 0.0

    @property
    def seconds(self) -> float:
        """All of it."""
        return sum(self)

    def as_json(self) -> dict[str, Any]:
        """Return the parts and their sum by name."""
        return {"seconds": self.seconds, **self._asdict()}


def replay(schedule: Schedule, processor: Processor, costs: Costs) -> Duration:
    """Compute what a schedule takes on a machine.

    Workers that have hardware threads enough run side by side. Beyond that, tasks that are shorter than `TIME_SLICE`
    queue behind each other on their hardware threads, and longer ones share all hardware threads evenly. A round lasts
    until its last task is done.

    Parameters
    ----------
    schedule
        What is done.
    processor
        The machine.
    costs
        What a unit of the schedule costs there.
    """
    total = Duration(merge=costs.serial)
    for each in schedule.rounds:
        spent = _round(each, processor, costs)
        total = Duration(
            *(so_far + each.times * part for so_far, part in zip(total, spent, strict=True))
        )
    return total


def _round(this: Round, processor: Processor, costs: Costs) -> Duration:
    workers = len(this.tasks)
    read = this.pixels * costs.pixel
    tasks = [flops * costs.flop + read for flops in this.tasks]
    lasting = _lasting(tasks, processor)
    # Tasks that leave a core idle for a while run faster meanwhile than if all cores shared them to the end.
    even = min(_even(tasks, processor), lasting)
    serial = this.serial * costs.merged
    if this.overlapping:
        # Workers merge in turn while the others compute: what is left over is what one alone cannot keep up with.
        own = serial / max(1, workers)
        serial = max(serial - lasting, own)
    shared = _lasting([this.shared * costs.merged / max(1, workers)] * workers, processor)
    # A round without tasks is a merge by one worker, of what others have written.
    fetched = this.bytes_moved * costs.byte if workers != 1 else 0.0
    return Duration(
        compute=even,
        wait=lasting - even + this.barriers * _meeting(workers, processor, costs),
        merge=serial + shared + fetched,
        dispatch=_dispatch(this, costs),
    )


def _dispatch(this: Round, costs: Costs) -> float:
    """Return what it costs to put workers to work; one alone is called like any function."""
    if max(this.dispatched, this.started) <= 1:
        return 0.0
    return costs.call + this.dispatched * costs.dispatched + this.started * costs.started


def _even(tasks: Sequence[float], processor: Processor) -> float:
    """Return how long tasks would take if they could be divided at will among the hardware threads they use."""
    busy = sum(task > 0 for task in tasks)
    return sum(tasks) / processor.throughput(busy) if busy else 0.0


def _lasting(tasks: Sequence[float], processor: Processor) -> float:
    """Return when the last of some tasks that start together is done."""
    busy = [task for task in tasks if task > 0]
    if not busy:
        return 0.0
    if sum(busy) / len(busy) >= TIME_SLICE:
        return _sharing(sorted(busy), processor)
    rows = -(-len(busy) // processor.hardware_threads)
    return rows * max(busy) / processor.speed(min(len(busy), processor.hardware_threads))


def _sharing(tasks: Sequence[float], processor: Processor) -> float:
    """Return when the last of some tasks is done, the shortest first, if those at work share the machine evenly."""
    elapsed = done = 0.0
    for place, task in enumerate(tasks):
        left = len(tasks) - place
        elapsed += (task - done) * left / processor.throughput(left)
        done = task
    return elapsed


def _meeting(workers: int, processor: Processor, costs: Costs) -> float:
    """Return what one barrier costs all workers."""
    if workers <= 1:
        return 0.0
    each = costs.barrier if workers <= processor.hardware_threads else costs.switch
    return workers * each


def scaled(costs: Costs, ratio: float) -> Costs:
    """Return costs on a machine whose clock is so many times as slow; the pool's call is a matter of waiting."""
    slower = {unit: seconds * ratio for unit, seconds in asdict(costs).items()}
    return Costs(**{**slower, "call": costs.call})
