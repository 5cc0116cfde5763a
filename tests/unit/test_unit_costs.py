"""Costs of units, from made-up repeats of calibrations."""

from collections.abc import Sequence
from typing import Any

import pytest
from records_factory import calibration_record, conditions, host_record

from pnncore.model.costs import Calibration
from records.basis import Basis
from records.convert import convert
from records.kinds.calibration import HostCalibrationRecord, NamedCalibrationRecord

FLOP, MERGED = 2e-9, 5e-9
WORK, MERGES = 60_000_000, (0, 1_000_000, 2_000_000)
"""Operations of a pass of one thread, and merged parameters of each."""

CORES = 4


def variant(
    slower: float = 1.0, mark: str = "clean", merges: Sequence[int] = MERGES, loaded: float = 1.5
) -> NamedCalibrationRecord:
    """Make up a repeat in which everything took so many times as long."""
    share = WORK // CORES
    record = calibration_record(mark=mark) | {
        "alone": [
            timed_pass(slower * (WORK * FLOP + merged * MERGED), [WORK], merged)
            for merged in merges
        ],
        "together": timed_pass(slower * loaded * share * FLOP, [share] * CORES),
        "pixel": slower * 1e-9,
    }
    return convert(record, NamedCalibrationRecord, "calibration")


def timed_pass(seconds: float, tasks: Sequence[int], serial: int = 0) -> dict[str, Any]:
    schedule = {"rounds": [{"times": 1, "tasks": tasks, "serial": serial}]}
    return {"seconds": seconds, "schedule": schedule}


def host(slower: float = 1.0, mark: str = "clean") -> HostCalibrationRecord:
    record = host_record()
    costs = {unit: slower * seconds for unit, seconds in record["costs"].items()}
    content = {**record, "costs": costs, "conditions": conditions(mark)}
    return convert(content, HostCalibrationRecord, "host")


def test_times_are_split_into_computing_and_merging() -> None:
    costs = Calibration([variant()], [host()]).costs()
    assert (costs.flop, costs.merged) == pytest.approx((FLOP, MERGED))
    assert (costs.pixel, costs.barrier) == (1e-9, 4e-8)


def test_no_cost_is_negative() -> None:
    """Where the work with more merging was faster, by chance, merging costs nothing."""
    costs = Calibration([variant(merges=(2_000_000, 1_000_000, 0))], [host()]).costs()
    assert costs.merged >= 0
    assert costs.flop > 0


def test_work_without_merging_has_only_one_cost() -> None:
    costs = Calibration([variant(merges=(0, 0, 0))], [host()]).costs()
    assert (costs.flop, costs.merged) == pytest.approx((FLOP, 0))


def test_tasks_are_slower_with_a_worker_on_every_core() -> None:
    assert Calibration([variant()], [host()]).loaded() == pytest.approx(1.5)
    assert Calibration([variant(loaded=0.5)], [host()]).loaded() == 1


@pytest.mark.parametrize("mark", ["clean", "noisy"])
def test_one_disturbed_repeat_of_three_changes_little(mark: str) -> None:
    """Whether it was noticed or not."""
    variants = [variant(), variant(100, mark), variant(1.01)]
    calibration = Calibration(variants, [host(), host(1.01), host(100, mark)])
    costs = calibration.costs()
    assert costs.flop == pytest.approx(FLOP, rel=0.02)
    assert costs.switch == pytest.approx(4e-8, rel=0.02)
    assert calibration.loaded() == pytest.approx(1.5, rel=0.02)


def test_noisy_repeats_do_not_count_where_others_are_quiet() -> None:
    variants = [variant(100, "noisy"), variant(), variant(50, "noisy")]
    calibration = Calibration(variants, [host()] * 3)
    assert calibration.costs().flop == pytest.approx(FLOP)
    assert calibration.basis == Basis(repeats=6, noisy=2, mark="clean")


def test_where_all_are_noisy_their_median_counts_and_is_named() -> None:
    variants = [variant(factor, "noisy") for factor in (4, 2, 3)]
    calibration = Calibration(variants, [host()] * 3)
    assert calibration.costs().flop == pytest.approx(3 * FLOP)
    assert calibration.basis == Basis(repeats=6, noisy=3, mark="noisy")


def test_single_repeats_that_count_give_a_range() -> None:
    variants = [variant(1.1), variant(), variant(0.8), variant(100, "noisy")]
    calibration = Calibration(variants, [host()] * 3)
    found = [each.costs().flop for each in calibration.singles()]
    assert len(found) == 3 * 3
    assert (min(found), max(found)) == pytest.approx((0.8 * FLOP, 1.1 * FLOP))
