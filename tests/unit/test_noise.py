"""What a measurement shared the machine with, on made-up numbers."""

from types import SimpleNamespace

import psutil
import pytest

from pnncore.timing.noise import Noise, Usage, mark


def between(
    seconds: float, processors: int, busy: float, own: float, stolen: float | None = 0.0
) -> Noise:
    """Return what a measurement shared the machine with that used so many seconds of its processors."""
    before = Usage(moment=5.0, busy=100.0, stolen=None if stolen is None else 3.0, own=1.0)
    after = Usage(
        moment=5.0 + seconds,
        busy=100.0 + busy,
        stolen=None if stolen is None else 3.0 + stolen,
        own=1.0 + own,
    )
    return Noise.between(before, after, processors)


def test_others_have_what_is_busy_and_not_ones_own() -> None:
    assert between(10, 4, busy=12, own=10) == Noise(10, others=0.05, steal=0)
    assert between(10, 4, busy=10, own=10, stolen=2) == Noise(10, others=0, steal=0.05)


def test_ticks_that_are_counted_late_are_nobodys() -> None:
    assert between(10, 2, busy=9.99, own=10).others == 0


def test_steal_may_be_unknown() -> None:
    assert between(10, 2, busy=1, own=1, stolen=None) == Noise(10, others=0, steal=None)


@pytest.mark.parametrize(
    ("noise", "jobs", "marked"),
    [
        (Noise(10, 0.0, 0.0), 2, "clean"),
        (Noise(10, 0.0, None), 2, "clean"),
        (Noise(10, 0.05, 0.02), 2, "clean"),
        (Noise(10, 0.052, 0.0), 2, "noisy"),
        (Noise(10, 0.0, 0.022), 2, "noisy"),
        (Noise(10, 0.0, 0.0), 3, "oversubscribed"),
        (Noise(10, 0.5, 0.0), 3, "noisy"),
        # Ten ticks: a tenth of the machine may be one tick that was counted late.
        (Noise(0.1, 0.14, 0.1), 2, "clean"),
        (Noise(0.1, 0.16, 0.0), 2, "noisy"),
    ],
)
def test_marks(noise: Noise, jobs: int, marked: str) -> None:
    assert mark(noise, jobs, hardware_threads=2) == marked


def test_the_systems_counters_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    linux = {"user": 5.0, "nice": 1.0, "system": 2.0, "idle": 50.0, "iowait": 9.0, "steal": 0.5}
    monkeypatch.setattr(psutil, "cpu_times", lambda: SimpleNamespace(**linux))
    assert (Usage.now().busy, Usage.now().stolen) == (8.0, 0.5)
    mac = {"user": 5.0, "nice": 1.0, "system": 2.0, "idle": 50.0}
    monkeypatch.setattr(psutil, "cpu_times", lambda: SimpleNamespace(**mac))
    assert (Usage.now().busy, Usage.now().stolen) == (8.0, None)


def test_time_goes_by() -> None:
    before = Usage.now()
    after = Usage.now()
    assert after.moment > before.moment
    assert after.own >= before.own >= 0
    assert after.busy >= before.busy > 0
