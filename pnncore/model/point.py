"""A published speed-up, to which a model is fitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import UNSET

from pnncore.model.parameters import Parameters
from pnncore.model.program import Model, Program
from records.machine import Machine
from records.model import PublishedSpeed


@dataclass(frozen=True)
class Point:
    """A published speed-up.

    Attributes
    ----------
    machine
        The machine.
    workers
        Number of workers.
    speedup
        Time of one worker divided by theirs.
    where
        Place in the paper.
    one_worker
        Seconds of one worker, or None if not published.
    """

    machine: Machine
    workers: int
    speedup: float
    where: str
    one_worker: float | None

    @classmethod
    def from_config(
        cls,
        entry: PublishedSpeed,
        machines: Mapping[str, Machine],
        one_worker: Mapping[str, float],
    ) -> Point:
        """Read a point that is published as a speed-up, as a reduction of time, or as seconds."""
        seconds = one_worker.get(entry.hardware)
        if entry.speedup is not UNSET:
            speedup = entry.speedup
        elif entry.time_reduction is not UNSET:
            speedup = 1 / (1 - entry.time_reduction)
        elif entry.seconds is not UNSET:
            speedup = one_worker[entry.hardware] / entry.seconds
        return cls(machines[entry.hardware], entry.workers, speedup, entry.where, seconds)

    def predicted(self, program: Program, parameters: Parameters) -> float:
        """Return the model's speed-up."""
        return Model(program, self.machine, parameters, self.one_worker).speedup(self.workers)
