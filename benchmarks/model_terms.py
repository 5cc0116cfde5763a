"""What do hardware facts add to the timing model? The terms that docs/model.md registers, beside the model without.

``python -m benchmarks.model_terms`` prints the median and worst error of both in each test, and of the best baseline.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np
from msgspec import structs

from pnncore.data.dataset import Dataset, Split
from pnncore.model.baselines import BASELINES
from pnncore.model.fit import predict_blind, starting_values
from pnncore.model.parameters import Parameters
from pnncore.model.point import Point
from pnncore.model.program import Model, Program
from pnncore.model.replay import Costs, Duration, Processor
from pnncore.pool import pool
from pnncore.strategies.registry import STRATEGIES
from pnncore.task import make_task
from records.job import NamedCalibrationRepeat
from records.kinds.model import Method, Predictions, Test
from records.model import Fit
from records.schedule import Schedule
from workflow.documents import read_yaml
from workflow.edition import load

EDITION: Final = "config/paper.yaml"
KIB: Final = 1024

QUIET: Final = Costs(flop=1.5e-10, merged=3e-10, barrier=4e-8, switch=5e-6)
"""Costs of a quiet host. Only the barrier's, of meetings, matters where a paper prints one worker's seconds."""

TRAFFIC: Final = 24
"""Bytes that a weight moves for a sample: read forward, read and written by the update, 8 each."""

CYCLES: Final = 142.33 * 3.0e9 / 60_000 / 79_510
"""Cycles a weight and sample of the Go program of Wiesinger & Schikuta on their notebook, for one that prints none."""

ONE: Final[dict[str, tuple[str, ...]]] = {
    "kalwarowskyj_schikuta": ("loaded",),
    "wiesinger_schikuta": ("merge_share",),
    "carver": ("serial_share",),
    "olsen_west_thomasma": ("serial_share",),
}
"""The parameter that is fitted beside the terms."""

WEIGHTS: Final = {"kalwarowskyj_schikuta": 203_530, "wiesinger_schikuta": 79_510}
"""Weights and biases of a worker's own network."""


@dataclass(frozen=True)
class Facts:
    """Facts of a machine: see docs/model.md for their sources.

    Attributes
    ----------
    turbo
        Clock of one busy core over that of all.
    cluster, cache
        Cores that share a last-level cache, and its bytes.
    bandwidth
        Bytes a second from memory.
    line
        Seconds in which a cache line moves from one core to another.
    """

    turbo: float = 1.0
    cluster: int = 0
    cache: int = 0
    bandwidth: float = 0.0
    line: float = 0.0


FACTS: Final = {
    "intel-i7-3635qm": Facts(3.4 / 3.2, 4, 6144 * KIB, 25.6e9),
    "lenovo-yoga-2-pro": Facts(3.0 / 2.7, 2, 4096 * KIB, 25.6e9),
    "amd-threadripper-1950x": Facts(4.0 / 3.7, 4, 8192 * KIB, 85.3e9),
    "amd-ryzen-5-2600x": Facts(1.0, 3, 8192 * KIB, 46.9e9, line=(2 * 23.6 + 3 * 92.3) / 5 * 1e-9),
    "banana-pi-m3": Facts(1.0, 4, 512 * KIB, 3.84e9),
    "olsen-west-thomasma": Facts(),
}


@dataclass(frozen=True)
class FactProcessor(Processor):
    """A processor with clocks by busy cores, and a roofline.

    Attributes
    ----------
    facts
        Its facts.
    cycles
        Seconds a weight and sample of one worker.
    network
        Bytes of a worker's own network; 0 if workers share one.
    """

    facts: Facts
    cycles: float
    network: int

    def _slowdown(self, busy: int) -> float:
        slower = super()._slowdown(busy) * self._clock(busy)
        if not self.network:
            return slower
        # Threads that share a core have less of its cycles each, and as much of the memory's bandwidth.
        threads = -(-busy // self.cores)
        shared = threads / self._core_speed(threads)
        alone, each = self._roof(1, 1.0), self._roof(busy, self._clock(busy) * shared)
        return super()._slowdown(busy) * each / alone / shared

    def _clock(self, busy: int) -> float:
        rest = (1 - 1 / self.facts.turbo) * (min(busy, self.cores) - 1) / (self.cores - 1)
        return 1 / (1 - rest)

    def _roof(self, busy: int, slower: float) -> float:
        """Return the seconds of a weight and sample: of its cycles or of its bytes, whichever takes longer."""
        share = self.facts.cache / -(-busy // (self.cores // self.facts.cluster))
        moved = TRAFFIC * max(0.0, 1 - share / self.network)
        return max(self.cycles * slower, moved / (self.facts.bandwidth / busy))


@dataclass(frozen=True)
class FactModel(Model):
    """A model with the terms. `weights` are those of a worker's own network; 0 if workers share one."""

    weights: int = 0

    def duration(self, workers: int) -> Duration:
        """Add the lines of shared parameters, in double precision, which move to each further thread in turn."""
        line, lines = FACTS[self.machine.name].line, 0.0
        for each in self.program.schedules[workers].rounds:
            further = max(0, sum(task > 0 for task in each.tasks) - 1)
            lines += each.times * 2 * each.bytes_moved / 64 * further
        spent = super().duration(workers)
        return spent._replace(merge=spent.merge + lines * line)

    @property
    def _processor(self) -> Processor:
        own = super()._processor
        ghz = self.machine.clock_ghz or 1.0
        cycles = self.one_worker / 60_000 / self.weights if self.one_worker and self.weights else 0
        return FactProcessor(
            own.cores,
            own.threads_per_core,
            own.smt_yield,
            own.loaded,
            FACTS[self.machine.name],
            cycles or CYCLES / ghz / 1e9,
            8 * self.weights,
        )

    def _costs(self) -> Costs:
        """Price a merged parameter as two operations, unless merging is fitted."""
        costs, one = super()._costs(), self.program.schedules[1]
        merging = self.parameters.get("merge_share")
        if merging is None or merging.origin == "fitted" or not self.one_worker:
            return costs
        flop = self.one_worker / (one.parallel_work + 2 * one.merged)
        return replace(costs, flop=flop, merged=2 * flop)


@dataclass(frozen=True)
class FactPoint(Point):
    """A published speed-up that the terms predict."""

    weights: int = 0

    def predicted(self, program: Program, parameters: Parameters) -> float:
        """Return the speed-up with the terms."""
        model = FactModel(program, self.machine, parameters, self.one_worker, self.weights)
        return model.speedup(self.workers)


def programs() -> Iterator[tuple[Fit, Program]]:
    """Yield each paper's model with its program, whose schedules are those of the paper edition."""
    plan = load(read_yaml(Path(EDITION)), EDITION, Path()).plan
    for study in plan.studies.values():
        if study.model:
            spec: Fit = study.model.spec
            (calibration, *_) = study.calibrations[spec.timed]
            schedules = _schedules(calibration.spec, spec)
            if spec.merges == "one":
                schedules = {n: each.merged_by_one() for n, each in schedules.items()}
            yield spec, Program(schedules, QUIET, None, clock_ghz=None)


def _schedules(spec: NamedCalibrationRepeat, fit: Fit) -> dict[int, Schedule]:
    samples = fit.scale.samples
    split = Split(
        np.broadcast_to(np.uint8(0), (samples, 28, 28)), np.broadcast_to(np.uint8(0), (samples,))
    )
    spec = structs.replace(
        spec,
        samples=structs.replace(spec.samples, train=None, test=None),
        training=structs.replace(spec.training, epochs=fit.scale.epochs),
    )
    strategy, dataset = STRATEGIES.named(spec.strategy), Dataset(spec.dataset, 10, split, split)
    with pool("threading", 1) as one:
        return {
            n: strategy.schedule(make_task(strategy, spec, n, spec.seed, dataset, one))
            for n in spec.workers
        }


def blind(spec: Fit, program: Program, *, terms: bool) -> Iterator[tuple[Test, Point, Predictions]]:
    """Yield what each test of a paper's model predicts of each point."""
    one_worker = {each.hardware: each.seconds for each in spec.one_worker}
    points = [Point.from_config(each, spec.machines, one_worker) for each in spec.points]
    names: tuple[str, ...] = ONE[spec.paper] if terms else spec.parameters
    if terms:
        weights = WEIGHTS.get(spec.paper, 0)
        points = [FactPoint(**vars(point), weights=weights) for point in points]
    found = predict_blind(points, names, starting_values(names, program), program)
    for point, tests in found.items():
        for test, predictions in tests.items():
            yield test, point, predictions


def main() -> None:
    """Print the errors."""
    papers = list(programs())
    for terms in (False, True):
        errors: dict[tuple[Test, Method], list[float]] = {}
        for spec, program in papers:
            for test, point, predictions in blind(spec, program, terms=terms):
                for method, speedup in predictions.items():
                    errors.setdefault((test, method), []).append(abs(speedup / point.speedup - 1))
        print("with the terms" if terms else "without")
        for (test, method), found in sorted(errors.items()):
            if not (terms and method in BASELINES):
                print(f"  {test:8}{method:16}{median(found):7.1%}{max(found):8.1%}{len(found):4}")


if __name__ == "__main__":
    main()
