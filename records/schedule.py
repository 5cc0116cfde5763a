"""Schedules: the work of a strategy in machine-independent units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeAlias

from msgspec import Meta, structs

from records.values import Entry

Amount: TypeAlias = Annotated[int, Meta(ge=0)]


class Round(Entry, frozen=True):
    """Parallel tasks followed by a merge, repeated."""

    times: Annotated[Amount, Meta(description="Number of repetitions in the run.")]
    tasks: Annotated[
        tuple[Amount, ...], Meta(description="Floating-point operations of each worker's task.")
    ]
    pixels: Annotated[
        Amount,
        Meta(
            description="Pixels that every worker reads in addition, however the tasks are divided."
        ),
    ] = 0
    serial: Annotated[
        Amount,
        Meta(
            description=(
                "Parameters merged by one worker at a time, counted once for each network read or "
                "written."
            )
        ),
    ] = 0
    shared: Annotated[
        Amount,
        Meta(description="Parameters merged by all workers in parts, counted in the same way."),
    ] = 0
    overlapping: Annotated[
        bool,
        Meta(description="Whether workers do the serial merge in turn, while the others compute."),
    ] = False
    barriers: Annotated[Amount, Meta(description="Number of barriers of all workers.")] = 0
    dispatched: Annotated[Amount, Meta(description="Tasks dispatched to waiting workers.")] = 0
    started: Annotated[
        Amount, Meta(description="Threads started for the round, which end with it.")
    ] = 0
    bytes_moved: Annotated[
        Amount,
        Meta(
            description=(
                "Bytes that a worker reads after another has written them; the largest number of "
                "any worker."
            )
        ),
    ] = 0


class Schedule(Entry, frozen=True):
    """The rounds of a run, in order."""

    rounds: Annotated[tuple[Round, ...], Meta(description="The rounds of the run, in order.")]

    def merged_by_one(self) -> Schedule:
        """Return the schedule with all shared merges done by one worker."""
        return Schedule(
            tuple(structs.replace(r, serial=r.serial + r.shared, shared=0) for r in self.rounds)
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


def training_flops(
    flops_per_sample: int, samples: Sequence[int], epochs: int = 1
) -> tuple[int, ...]:
    """Return the floating-point operations of training tasks with `samples` samples each, for `epochs` epochs."""
    return tuple(flops_per_sample * n * epochs for n in samples)
