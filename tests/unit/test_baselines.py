"""Baselines of timing models: what each says of points that follow it, and what it cannot be asked."""

import pytest
from programs import make_machine

from pnncore.model.baselines import predict
from pnncore.model.holdout import holdouts
from pnncore.model.point import Point
from records.machine import Machine

EIGHT = make_machine("eight", cores=8)
FOUR = make_machine("four", cores=4)


def point(workers: int, speedup: float, machine: Machine = EIGHT) -> Point:
    return Point(machine, workers, speedup, "Table I", None)


def amdahl(processors: int, serial: float) -> float:
    return 1 / (serial + (1 - serial) / processors)


def asked(workers: int, *seen: Point, machine: Machine = EIGHT) -> dict[str, float]:
    return dict(predict(seen, machine, workers))


def test_amdahl_finds_the_serial_share_that_points_have() -> None:
    on_cores = [point(n, amdahl(min(n, 8), 0.1)) for n in (2, 4, 16)]
    assert asked(8, *on_cores)["amdahl-cores"] == pytest.approx(amdahl(8, 0.1))
    assert asked(32, *on_cores)["amdahl-cores"] == pytest.approx(amdahl(8, 0.1))
    on_workers = [point(n, amdahl(n, 0.1)) for n in (2, 4, 16)]
    assert asked(32, *on_workers)["amdahl-workers"] == pytest.approx(amdahl(32, 0.1))


def test_the_serial_share_is_a_share() -> None:
    assert asked(8, point(4, 5.0))["amdahl-cores"] == pytest.approx(8)
    assert asked(8, point(4, 0.5))["amdahl-cores"] == pytest.approx(1)


def test_an_efficiency_carries_over_to_another_machine() -> None:
    seen = [point(64, 6.0), point(2, 1.5)]
    assert asked(64, *seen, machine=FOUR)["efficiency"] == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("workers", "speedup"),
    [
        (3, 3.0 ** (0.5 * (1 + 0.5849625))),  # between two and four, on a logarithmic axis
        (8, 3.0**1.5),  # goes on as it went from two to four
        (64, 3.0**1.5),  # and is level beyond the cores
    ],
)
def test_a_line_goes_on_up_to_the_cores(workers: int, speedup: float) -> None:
    seen = [point(2, 3.0**0.5), point(4, 3.0)]
    assert asked(workers, *seen)["line"] == pytest.approx(speedup)


def test_what_cannot_be_asked_says_nothing() -> None:
    assert asked(8) == {"ideal": 8.0}
    elsewhere = asked(4, point(4, 3.0), machine=FOUR)
    assert "line" not in elsewhere
    assert set(elsewhere) == {"amdahl-cores", "amdahl-workers", "ideal", "efficiency"}


def held_out(*points: Point) -> set[tuple[str, frozenset[int], frozenset[int]]]:
    """Return what is held out and seen, by the workers of the points."""
    return {
        (test, frozenset(p.workers for p in held), frozenset(p.workers for p in seen))
        for test, held, seen in holdouts(points)
    }


def test_points_machines_and_what_lies_above_half_the_cores_are_held_out() -> None:
    points = [point(2, 2.0), point(6, 4.0), point(3, 2.2, FOUR)]
    assert held_out(*points) == {
        ("point", frozenset({2}), frozenset({6, 3})),
        ("point", frozenset({6}), frozenset({2, 3})),
        ("point", frozenset({3}), frozenset({2, 6})),
        ("machine", frozenset({2, 6}), frozenset({3})),
        ("machine", frozenset({3}), frozenset({2, 6})),
        # The smaller machine has no point up to half of its cores, from which to go forward.
        ("forward", frozenset({6}), frozenset({2})),
    }


def test_one_machine_without_small_counts_has_the_easy_test_alone() -> None:
    assert {test for test, _, _ in holdouts([point(8, 4.0), point(16, 5.0)])} == {"point"}
