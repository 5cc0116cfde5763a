"""Programs for models, made up so that their speed-ups can be told by hand."""

from collections.abc import Iterable

from pnncore.model.program import Program
from pnncore.model.replay import Costs
from records.machine import Machine
from records.schedule import Round, Schedule

FLOP = 1e-6


def make_machine(
    name: str = "machine",
    cores: int = 8,
    threads_per_core: int = 1,
    clock_ghz: float | None = 2.0,
) -> Machine:
    return Machine(name, cores, threads_per_core, clock_ghz)


def make_program(
    workers: Iterable[int] = (1, 2, 4, 8, 16), loaded: float | None = None, **costs: float
) -> Program:
    """Divide a hundred rounds of 24 milliseconds among the workers; each round ends with a merge and a barrier."""
    schedules = {
        n: Schedule(
            (Round(times=100, tasks=(24_000 // n,) * n, serial=100 * n, barriers=1, dispatched=n),)
        )
        for n in workers
    }
    return Program(schedules, Costs(flop=FLOP, **costs), loaded, clock_ghz=2.0)
