"""What a strategy does, in units that any machine can turn into seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Round:
    """Parallel tasks, a barrier, then serial work; repeated.

    Attributes
    ----------
    times
        How often the round is repeated in the run.
    tasks
        Floating-point operations of each parallel task.
    serial
        Floating-point operations done by one thread after the tasks, such as the merge.
    bytes_moved
        Bytes of parameters that pass between the workers and the merge, both ways.
    barriers
        How often all workers wait for the last of them.
    """

    times: int
    tasks: tuple[int, ...]
    serial: int = 0
    bytes_moved: int = 0
    barriers: int = 0


@dataclass(frozen=True)
class Schedule:
    """The rounds of a run, in order."""

    rounds: tuple[Round, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the schedule as what JSON can hold."""
        return asdict(self)

    @property
    def parallel_work(self) -> int:
        """Floating-point operations in parallel tasks, all rounds and workers together."""
        return sum(r.times * sum(r.tasks) for r in self.rounds)

    @property
    def critical_path(self) -> int:
        """Floating-point operations that remain one after another on a machine with a core for every worker."""
        return sum(r.times * (max(r.tasks, default=0) + r.serial) for r in self.rounds)


def training_flops(
    flops_per_sample: int, samples: Sequence[int], epochs: int = 1
) -> tuple[int, ...]:
    """Operations of parallel training tasks that visit so many samples each, for so many epochs."""
    return tuple(flops_per_sample * n * epochs for n in samples)
