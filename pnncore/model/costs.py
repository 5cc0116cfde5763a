"""Costs of the units of a variant's schedules, from all repeats of its calibration and of the host's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from statistics import median
from typing import TypeVar

import numpy as np
from msgspec import structs
from scipy.optimize import nnls

from pnncore.model.parameters import SMT_YIELD
from pnncore.model.replay import Costs, Processor, replay
from records.basis import Basis
from records.job import NamedCalibration
from records.kinds.calibration import (
    HostCalibrationRecord,
    MeetingCosts,
    NamedCalibrationRecord,
    TimedPass,
)
from records.machine import Machine

R = TypeVar("R", NamedCalibrationRecord, HostCalibrationRecord)


@dataclass(frozen=True)
class Calibration:
    """The repeats of the calibrations of a variant and of the host.

    What counts is the median of the repeats that are not noisy, and where all are noisy the median of these: no
    single disturbance makes a cost.

    Attributes
    ----------
    variant, host
        Records of the repeats; at least one of each.
    """

    variant: Sequence[NamedCalibrationRecord]
    host: Sequence[HostCalibrationRecord]

    @property
    def first(self) -> NamedCalibrationRecord:
        """The first repeat of the variant's calibration, for what all repeats share: schedules and machine."""
        return self.variant[0]

    @property
    def modelled(self) -> NamedCalibration:
        """What the variant is modelled for."""
        spec = self.first.spec
        return NamedCalibration(
            **{key: getattr(spec, key) for key in NamedCalibration.__struct_fields__}
        )

    @property
    def basis(self) -> Basis:
        """How many repeats there are, and how many are noisy."""
        quiet = [len(_quiet(self.variant)), len(_quiet(self.host))]
        repeats = len(self.variant) + len(self.host)
        return Basis(
            repeats=repeats,
            noisy=repeats - sum(quiet),
            mark="clean" if all(quiet) else "noisy",
        )

    def singles(self) -> list[Calibration]:
        """Return each repeat of the variant's calibration that counts, with each of the host's."""
        pairs = product(_trusted(self.variant), _trusted(self.host))
        return [Calibration([variant], [host]) for variant, host in pairs]

    def costs(self) -> Costs:
        """Return the unit costs of the variant's schedules."""
        variant = _trusted(self.variant)
        flop, merged = _fit_work([_median_pass(passes) for passes in _columns(variant)])
        meetings = [structs.asdict(each.costs) for each in _trusted(self.host)]
        return Costs(
            flop=flop,
            merged=merged,
            pixel=median(each.pixel for each in variant),
            **{unit: median(each[unit] for each in meetings) for unit in _UNITS},
        )

    def loaded(self) -> float:
        """Return the slowdown of tasks with a worker on every core, relative to the unit costs; at least 1."""
        passes = [each.together for each in _trusted(self.variant) if each.together is not None]
        if not passes:
            return 1.0
        measured, costs, machine = _median_pass(passes), self.costs(), self.first.machine

        def replayed(loaded: float) -> float:
            return replay(measured.schedule, _processor(machine, loaded), costs).seconds

        # The slowdown multiplies only tasks and shared merges, so the replayed time is linear in it.
        undisturbed = replayed(1)
        slope = replayed(2) - undisturbed
        return max(1.0, 1 + (measured.seconds - undisturbed) / slope) if slope > 0 else 1.0


_UNITS = MeetingCosts.__struct_fields__


def _quiet(repeats: Sequence[R]) -> list[R]:
    return [each for each in repeats if each.conditions.mark != "noisy"]


def _trusted(repeats: Sequence[R]) -> Sequence[R]:
    """Return the repeats that are not noisy, or all of them."""
    return _quiet(repeats) or repeats


def _columns(repeats: Sequence[NamedCalibrationRecord]) -> list[tuple[TimedPass, ...]]:
    """Return the repeats of each pass of one thread."""
    return list(zip(*(each.alone for each in repeats), strict=True))


def _median_pass(passes: Sequence[TimedPass]) -> TimedPass:
    return structs.replace(passes[0], seconds=median(each.seconds for each in passes))


def _fit_work(passes: Sequence[TimedPass]) -> tuple[float, float]:
    """Fit the costs of an operation and of a merged parameter by non-negative least squares."""
    seconds = np.array([each.seconds for each in passes])
    units = np.array(
        [[each.schedule.parallel_work, each.schedule.merged] for each in passes], dtype=np.float64
    )
    # Columns are scaled to a maximum of one, and residuals are relative to the measured times.
    scale = units.max(axis=0).clip(min=1)
    shares, _ = nnls(units / scale / seconds[:, None], np.ones(len(seconds)))
    flop, merged = shares / scale
    return float(flop), float(merged)


def _processor(machine: Machine, loaded: float) -> Processor:
    return Processor(machine.cores, machine.threads_per_core, SMT_YIELD, loaded)
