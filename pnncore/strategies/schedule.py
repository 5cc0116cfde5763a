"""What a strategy does, in units that any machine can turn into seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Round:
    """Parallel tasks, then a merge; repeated.

    Attributes
    ----------
    times
        How often the round is repeated in the run.
    tasks
        Floating-point operations of each worker's task.
    pixels
        Pixels that every worker reads for itself besides, in whatever way the tasks are divided.
    serial
        Parameters that one worker merges, at a time when no other does: counted once for each network read and written.
    shared
        Parameters that all workers merge, each its part: counted in the same way.
    overlapping
        Whether the serial merge is done worker by worker, while the others are at their tasks.
    barriers
        How often all workers wait for the last of them.
    dispatched
        Tasks that are handed out to workers that wait for them.
    started
        Threads that are started for the round and end with it.
    bytes_moved
        Bytes that the worker with most of them reads after another has written them.
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
        """Return the schedule as what JSON can hold."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Schedule:
        """Return the schedule that `as_json` has written."""
        return cls(
            tuple(Round(**{**each, "tasks": tuple(each["tasks"])}) for each in content["rounds"])
        )

    def merged_by_one(self) -> Schedule:
        """Return the schedule of a program in which one worker merges all that ours merge together."""
        return Schedule(
            tuple(replace(r, serial=r.serial + r.shared, shared=0) for r in self.rounds)
        )

    def total(self, unit: str) -> int:
        """Return how often a unit of the rounds occurs in the run: ``barriers``, say, or ``serial``."""
        return sum(r.times * int(getattr(r, unit)) for r in self.rounds)

    @property
    def parallel_work(self) -> int:
        """Floating-point operations in parallel tasks, all rounds and workers together."""
        return sum(r.times * sum(r.tasks) for r in self.rounds)

    @property
    def merged(self) -> int:
        """Parameters merged, by one worker or by all."""
        return self.total("serial") + self.total("shared")

    @property
    def critical_path(self) -> int:
        """Floating-point operations that remain one after another on a machine with a core for every worker."""
        return sum(r.times * max(r.tasks, default=0) for r in self.rounds)


def training_flops(
    flops_per_sample: int, samples: Sequence[int], epochs: int = 1
) -> tuple[int, ...]:
    """Operations of parallel training tasks that visit so many samples each, for so many epochs."""
    return tuple(flops_per_sample * n * epochs for n in samples)
