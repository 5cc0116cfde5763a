"""Schedules: the work of a strategy in machine-independent units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Round:
    """Parallel tasks followed by a merge, repeated.

    Attributes
    ----------
    times
        Number of repetitions in the run.
    tasks
        Floating-point operations of each worker's task.
    pixels
        Pixels that every worker reads in addition, however the tasks are divided.
    serial
        Parameters merged by one worker at a time, counted once for each network read or written.
    shared
        Parameters merged by all workers in parts, counted in the same way.
    overlapping
        Whether workers do the serial merge in turn, while the others compute.
    barriers
        Number of barriers of all workers.
    dispatched
        Tasks dispatched to waiting workers.
    started
        Threads started for the round, which end with it.
    bytes_moved
        Bytes that a worker reads after another has written them; the largest number of any worker.
    """

    times: int
    tasks: tuple[int, ...]
    pixels: int = 0
    serial: int = 0
    shared: int = 0
    overlapping: bool = False
    barriers: int = 0
    dispatched: int = 0
    started: int = 0
    bytes_moved: int = 0


@dataclass(frozen=True)
class Schedule:
    """The rounds of a run, in order."""

    rounds: tuple[Round, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the schedule as JSON content."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Schedule:
        """Return the schedule that `as_json` wrote."""
        return cls(
            tuple(Round(**{**each, "tasks": tuple(each["tasks"])}) for each in content["rounds"])
        )

    def merged_by_one(self) -> Schedule:
        """Return the schedule with all shared merges done by one worker."""
        return Schedule(
            tuple(replace(r, serial=r.serial + r.shared, shared=0) for r in self.rounds)
        )

    def total(self, unit: str) -> int:
        """Return the total of an integer attribute of the rounds, such as ``barriers``, in the run."""
        return sum(r.times * int(getattr(r, unit)) for r in self.rounds)

    @property
    def parallel_work(self) -> int:
        """Floating-point operations of all tasks of all workers."""
        return sum(r.times * sum(r.tasks) for r in self.rounds)

    @property
    def merged(self) -> int:
        """Parameters merged, serially or by all workers."""
        return self.total("serial") + self.total("shared")

    @property
    def critical_path(self) -> int:
        """Floating-point operations of the largest task of every round: the run's length with a core per worker."""
        return sum(r.times * max(r.tasks, default=0) for r in self.rounds)


def training_flops(
    flops_per_sample: int, samples: Sequence[int], epochs: int = 1
) -> tuple[int, ...]:
    """Return the floating-point operations of training tasks with `samples` samples each, for `epochs` epochs."""
    return tuple(flops_per_sample * n * epochs for n in samples)
