"""Model of a program on a machine: schedules, unit costs and a few parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pnncore.model.costs import Calibration
from pnncore.model.parameters import SMT_YIELD, Parameter, Parameters
from pnncore.model.replay import Costs, Duration, Processor, replay, scaled
from records.errors import InputError
from records.machine import HOST, Machine
from records.schedule import Schedule


@dataclass(frozen=True)
class Program:
    """A variant, calibrated on this host.

    Attributes
    ----------
    schedules
        Its schedules by number of workers, always including one worker.
    costs
        Unit costs of its schedules on this host.
    loaded
        Slowdown of its tasks when all of the host's cores are busy; None if it does not apply.
    clock_ghz
        The host's clock in GHz, or None if unknown.
    """

    schedules: Mapping[int, Schedule]
    costs: Costs
    loaded: float | None
    clock_ghz: float | None

    @classmethod
    def of_ours(cls, calibration: Calibration) -> Program:
        """Model our own program, as it was calibrated on this host."""
        return cls(
            schedules=_schedules(calibration.first.schedules),
            costs=calibration.costs(),
            loaded=calibration.loaded(),
            clock_ghz=calibration.first.machine.clock_ghz,
        )

    @classmethod
    def of_paper(cls, calibration: Calibration, merges: str) -> Program:
        """Model a paper's own program, with its numbers of samples and epochs and its way of merging.

        Of this host's costs it keeps those of barriers. To merge a parameter costs it two operations of training, since
        our loops skip zeros and take many weights at once, and what they need besides says nothing of a scalar program.
        Its slowdown with all cores busy cannot be known on this host; the default is none.
        """
        schedules = _schedules(calibration.first.published_schedules)
        if merges == "one":
            schedules = {n: schedule.merged_by_one() for n, schedule in schedules.items()}
        ours = cls.of_ours(calibration)
        flop, barrier, switch = ours.costs.flop, ours.costs.barrier, ours.costs.switch
        costs = Costs(flop=flop, merged=2 * flop, barrier=barrier, switch=switch)
        return replace(ours, schedules=schedules, costs=costs, loaded=None)

    def costs_on(self, machine: Machine) -> Costs:
        """Return the unit costs on a machine: this host's, scaled by the clocks if both are known.

        Only the clocks are taken into account; a core that does less in a cycle is slower than predicted.
        """
        if machine.name == HOST or self.clock_ghz is None or machine.clock_ghz is None:
            return self.costs
        return scaled(self.costs, self.clock_ghz / machine.clock_ghz)

    def defaults(self) -> dict[str, Parameter]:
        """Return the parameters before a fit."""
        return {
            "smt_yield": Parameter(SMT_YIELD, "default"),
            "loaded": Parameter(1.0, "default")
            if self.loaded is None
            else Parameter(self.loaded, "calibrated"),
        }


@dataclass(frozen=True)
class Model:
    """A program on a machine.

    Attributes
    ----------
    program
        The program.
    machine
        The machine.
    parameters
        ``smt_yield`` and ``loaded``; ``serial_share``, ``merge_share`` and ``sync_share`` if they replace unit costs.
    one_worker
        Published seconds of one worker, or None.
    """

    program: Program
    machine: Machine
    parameters: Parameters
    one_worker: float | None = None

    def duration(self, workers: int) -> Duration:
        """Return the duration of a run with `workers` workers."""
        return replay(self.program.schedules[workers], self._processor, self._costs())

    def speedup(self, workers: int) -> float:
        """Return the speed-up of `workers` workers over one."""
        return self.duration(1).seconds / self.duration(workers).seconds

    @property
    def _processor(self) -> Processor:
        return Processor(
            cores=self.machine.cores,
            threads_per_core=self.machine.threads_per_core,
            smt_yield=self.parameters["smt_yield"].value,
            loaded=self.parameters["loaded"].value,
        )

    def _costs(self) -> Costs:
        """Return the calibrated unit costs, replaced by shares of one worker's time where parameters give them."""
        calibrated = self.program.costs_on(self.machine)
        shares = {name: each.value for name, each in self.parameters.items() if name in _SHARES}
        one = self.program.schedules[1]
        if not shares and self.one_worker is None:
            return calibrated
        seconds = self.one_worker or replay(one, self._processor, calibrated).seconds
        serial = shares.get("serial_share", 0.0) * seconds
        merged = calibrated.merged
        if "merge_share" in shares and one.merged:
            merged = shares["merge_share"] * seconds / one.merged
        barrier, switch = calibrated.barrier, calibrated.switch
        if "sync_share" in shares and one.total("barriers"):
            barrier = shares["sync_share"] * seconds / one.total("barriers")
            switch = max(barrier, switch)
        # The rest of one worker's time is its tasks. They include reading the pixels, which only our own loops are
        # known to do separately.
        left = seconds - serial - merged * one.merged
        return Costs(
            flop=max(left, 0.0) / one.parallel_work,
            merged=merged,
            barrier=barrier,
            switch=switch,
            serial=serial,
        )


_SHARES = ("serial_share", "merge_share", "sync_share")


def _schedules(recorded: Mapping[str, Schedule]) -> dict[int, Schedule]:
    """Return schedules by number of workers; one worker's is required, because speed-ups are relative to it."""
    if "1" not in recorded:
        raise InputError("schedules: none for one worker; add 1 to the timing's workers")
    return {int(workers): schedule for workers, schedule in recorded.items()}
