"""What a measurement shared the machine with, on made-up numbers."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from types import SimpleNamespace

import psutil
import pytest

from pnncore.timing import noise
from pnncore.timing.noise import Noise, Usage, Watch


def between(
    seconds: float,
    processors: int,
    busy: float,
    own: float,
    stolen: float | None = 0.0,
    waited: float | None = 0.0,
) -> Noise:
    """Return what a measurement shared the machine with that used so many seconds of its processors."""
    before = Usage(5.0, 100.0, _after(3.0, stolen, 0.0), 1.0, _after(7.0, waited, 0.0))
    after = Usage(5.0 + seconds, 100.0 + busy, _after(3.0, stolen), 1.0 + own, _after(7.0, waited))
    return Noise.between(before, after, processors)


def _after(start: float, more: float | None, times: float = 1.0) -> float | None:
    return None if more is None else start + times * more


def test_others_have_what_is_busy_and_not_ones_own() -> None:
    assert between(10, 4, busy=12, own=10) == Noise(10, others=0.05, steal=0, waited=0)
    assert between(10, 4, 10, own=10, stolen=2) == Noise(10, others=0, steal=0.05, waited=0)


def test_something_waits_for_a_share_of_the_time_however_many_processors_there_are() -> None:
    assert between(10, 4, 0, 0, waited=2) == Noise(10, others=0, steal=0, waited=0.2)


def test_ticks_that_are_counted_late_are_nobodys() -> None:
    assert between(10, 2, busy=9.99, own=10).others == 0


def test_a_system_may_not_tell() -> None:
    unknown = between(10, 2, busy=1, own=1, stolen=None, waited=None)
    assert unknown == Noise(10, others=0, steal=None, waited=None)


@pytest.mark.parametrize(
    ("noise", "workers", "marked"),
    [
        (Noise(10, 0.0, 0.0, 0.0), 2, "clean"),
        (Noise(10, 0.0, None, None), 2, "clean"),
        (Noise(10, 0.05, 0.02, 0.25), 2, "clean"),
        (Noise(10, 0.052, 0.0, 0.0), 2, "noisy"),
        (Noise(10, 0.0, 0.022, 0.0), 2, "noisy"),
        (Noise(10, 0.0, 0.0, 0.26), 2, "noisy"),
        # Workers that take turns wait for each other.
        (Noise(10, 0.0, 0.0, 1.0), 3, "oversubscribed"),
        (Noise(10, 0.5, 0.0, 1.0), 3, "noisy"),
        # Ten ticks: a tenth of the machine may be one tick that was counted late.
        (Noise(0.1, 0.14, 0.1, 0.0), 2, "clean"),
        (Noise(0.1, 0.16, 0.0, 0.0), 2, "noisy"),
    ],
)
def test_marks(noise: Noise, workers: int, marked: str) -> None:
    assert noise.mark(workers, hardware_threads=2) == marked


def test_a_measurement_of_several_parts_is_as_noisy_as_its_worst(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readings = [
        *(Usage(0.0, 0.0, None, 0.0, 0.0), Usage(10.0, 0.0, None, 0.0, 3.0)),
        *(Usage(10.0, 0.0, None, 0.0, 3.0), Usage(20.0, 0.1, None, 0.0, 3.0)),
    ]
    monkeypatch.setattr(Usage, "now", lambda: readings.pop(0))
    watch = Watch(hardware_threads=2)
    for _ in range(2):
        with watch.during(2):
            pass
    found = watch.conditions()
    assert (found.mark, found.steal, found.waited) == ("noisy", None, 0.3)


LOOP = "while True: pass"


@pytest.fixture
def neighbours() -> Iterator[None]:
    """Keep every processor busy with loops of the lowest priority, which have begun when the test begins."""
    loops = [
        subprocess.Popen(
            [sys.executable, "-c", f"import os; os.nice(19); print(flush=True)\n{LOOP}"],
            stdout=subprocess.PIPE,
        )
        for _ in range(psutil.cpu_count() or 1)
    ]
    for loop in loops:
        assert loop.stdout is not None
        loop.stdout.readline()
    yield
    for loop in loops:
        loop.kill()
        loop.communicate()


@pytest.mark.usefixtures("neighbours")
@pytest.mark.parametrize("workers", [1, psutil.cpu_count() or 1])
def test_neighbours_of_the_lowest_priority_are_noticed(workers: int) -> None:
    """Also where the workers keep all processors busy, so that the neighbours have hardly any time of them."""
    watch = Watch(psutil.cpu_count() or 1)
    threads = [threading.Thread(target=work, args=[0.5]) for _ in range(workers)]
    with watch.during(workers):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert watch.conditions().mark == "noisy"


def work(seconds: float) -> None:
    """Work for some time, without the interpreter's lock."""
    end = perf_counter() + seconds
    while perf_counter() < end:
        sha256(bytes(2**20))


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


def test_linux_tells_for_how_long_something_else_waited(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pressure, delay = tmp_path / "cpu", tmp_path / "schedstat"
    monkeypatch.setattr(noise, "PRESSURE", pressure)
    monkeypatch.setattr(noise, "DELAY", delay)
    assert Usage.now().waited is None
    full = "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"
    pressure.write_text(f"some avg10=29.51 avg60=16.18 avg300=31.03 total=1500000\n{full}")
    assert Usage.now().waited is None
    delay.write_text("3489973 500000000 12\n")
    assert Usage.now().waited == 1.0
