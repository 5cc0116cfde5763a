import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from numba import njit, types
from numba.core.errors import TypingError

from pnncore.kernels import atomic, threads
from pnncore.kernels.atomic import Cells

ROOT = Path(__file__).parents[2]

# Of the system: an invitation to other threads, and a wait of so many microseconds.
give_way: Callable[..., Any] = types.ExternalFunction("sched_yield", types.int32())
pause: Callable[..., Any] = types.ExternalFunction("usleep", types.int32(types.uint32))
PATIENCE = 5000
"""Microseconds after which another thread has given up spinning and yielding, and sleeps."""

# Not cached: the cache knows when this file changes, but not when the functions that it tests do.
compiled: Callable[..., Any] = njit(nogil=True)


def team(size: int, kernel: Callable[..., Any], *arguments: Any) -> list[Any]:
    """Call a kernel on that many threads at once, with each thread's number before the arguments."""
    calls = [joblib.delayed(kernel)(number, *arguments) for number in range(size)]
    results: list[Any] = joblib.Parallel(n_jobs=size, backend="threading", batch_size=1)(calls)
    return results


@compiled
def add_atomically(number: int, start: Cells, cells: Cells, seen: Cells, rounds: int) -> None:
    threads.wait(start)
    for _ in range(rounds):
        seen[atomic.fetch_add(cells, atomic.LINE, 1)] += 1


@compiled
def add_under_lock(number: int, start: Cells, lock: Cells, total: Cells, rounds: int) -> None:
    threads.wait(start)
    for r in range(rounds):
        threads.acquire(lock)
        before = total[0]
        if r % 8 == 0:
            give_way()  # an invitation to the others, which only the lock makes them decline
        total[0] = before + 1
        threads.release(lock)


@compiled
def write_in_turn(
    number: int, start: Cells, turns: Cells, size: int, rounds: int, written: Cells
) -> None:
    """Write every turn's number after those before it, in an order of turns that goes round the threads."""
    threads.wait(start)
    for turn in range(number, rounds * size, size):
        threads.await_turn(turns, turn)
        if turn % 3 == 0:
            give_way()  # an invitation to the others, which their turn makes them decline
        written[0] += 1
        written[written[0]] = turn
        threads.end_turn(turns)


@compiled
def keep_step(number: int, barrier: Cells, slots: Cells, rounds: int) -> int:
    """Count the slots that do not show this round between its two barriers."""
    wrong = 0
    for r in range(1, rounds + 1):
        slots[number] = r
        threads.wait(barrier)
        for slot in slots:
            if slot != r:
                wrong += 1
        threads.wait(barrier)
    return wrong


@compiled
def arrive_last(number: int, barrier: Cells, rounds: int) -> int:
    """Let number 0 come to each barrier only when all others have given up spinning and yielding."""
    for _ in range(rounds):
        if number == 0:
            pause(PATIENCE)
        threads.wait(barrier)
    return number


@compiled
def hold_until_wanted(number: int, lock: Cells, held: Cells) -> None:
    """Let number 0 give back the lock only when others have given up spinning and yielding for it."""
    if number == 0:
        threads.acquire(lock)
        atomic.store(held, 0, 1)
        pause(PATIENCE)
    else:
        while atomic.load(held, 0) == 0:
            give_way()
        threads.acquire(lock)
    held[1] += 1
    threads.release(lock)


def test_cells_can_be_used_one_by_one() -> None:
    cells = atomic.make_cells(2)
    atomic.store(cells, atomic.LINE, 5)
    assert atomic.fetch_add(cells, atomic.LINE, 3) == 5
    assert atomic.exchange(cells, atomic.LINE, -1) == 8
    assert atomic.load(cells, atomic.LINE) == -1
    assert np.count_nonzero(cells) == 1


@pytest.mark.parametrize("count", [1, 2, 5])
def test_cells_share_no_cache_line_with_anything(count: int) -> None:
    cells = atomic.make_cells(count)
    assert cells.shape == (count * atomic.LINE,)
    assert not cells.any()
    assert cells.flags.c_contiguous
    assert cells.ctypes.data % (atomic.LINE * cells.itemsize) == 0


@pytest.mark.parametrize(
    "cells",
    [np.zeros(4, np.int32), np.zeros(4), np.zeros((2, 2), np.int64), np.zeros(8, np.int64)[::2]],
)
def test_other_arrays_are_refused(cells: np.typing.NDArray[Any]) -> None:
    with pytest.raises(TypingError):
        atomic.load(cells, 0)


@pytest.mark.parametrize("size", [4, 16])
def test_atomic_additions_are_not_lost(size: int) -> None:
    rounds = 400_000 // size
    cells, seen = atomic.make_cells(2), np.zeros(size * rounds, np.int64)
    team(size, add_atomically, threads.make_barrier(size), cells, seen, rounds)
    assert atomic.load(cells, atomic.LINE) == size * rounds
    assert (seen == 1).all()  # each thread was told a different number


@pytest.mark.parametrize("size", [1, 4, 16])
def test_plain_additions_under_the_lock_are_not_lost(size: int) -> None:
    rounds = 100_000 // size
    lock, total = threads.make_lock(), np.zeros(1, np.int64)
    team(size, add_under_lock, threads.make_barrier(size), lock, total, rounds)
    assert total[0] == size * rounds
    np.testing.assert_array_equal(lock, threads.make_lock())


@pytest.mark.parametrize("size", [2, 16])
def test_those_who_sleep_for_the_lock_are_woken(size: int) -> None:
    for _ in range(5):
        lock, held = threads.make_lock(), np.zeros(2, np.int64)
        team(size, hold_until_wanted, lock, held)
        assert held[1] == size


@pytest.mark.parametrize("size", [1, 2, 16])
def test_turns_come_in_order(size: int) -> None:
    rounds = 200
    written = np.zeros(rounds * size + 1, np.int64)
    start, turns = threads.make_barrier(size), threads.make_turns()
    team(size, write_in_turn, start, turns, size, rounds, written)
    np.testing.assert_array_equal(written[1:], np.arange(rounds * size))


@pytest.mark.parametrize(
    ("size", "rounds"), [(1, 1000), (2, 5000), (3, 2000), (16, 500), (64, 100)]
)
def test_nobody_passes_a_barrier_before_all_have_come(size: int, rounds: int) -> None:
    barrier, slots = threads.make_barrier(size), np.zeros(size, np.int64)
    assert sum(team(size, keep_step, barrier, slots, rounds)) == 0
    assert (slots == rounds).all()


def test_a_barrier_holds_however_long_it_spins(monkeypatch: pytest.MonkeyPatch) -> None:
    barriers = []
    for cores in (1, 64):
        monkeypatch.setattr(joblib, "cpu_count", lambda cores=cores: cores)
        barriers.append(threads.make_barrier(3))
    few, many = barriers
    assert not np.array_equal(few, many), "threads spin only where each has a core"
    for barrier in barriers:
        assert sum(team(3, keep_step, barrier, np.zeros(3, np.int64), 200)) == 0


@pytest.mark.parametrize("size", [2, 16])
def test_those_who_sleep_at_a_barrier_are_woken(size: int) -> None:
    barrier = threads.make_barrier(size)
    assert team(size, arrive_last, barrier, 50) == list(range(size))


CACHED = """
import warnings

from numba.core.errors import NumbaWarning

warnings.simplefilter("error", NumbaWarning)

from pnncore.kernels import atomic, threads
from pnncore.kernels.compiled import exact


@exact
def kernel(barrier, lock, cells):
    threads.wait(barrier)
    threads.acquire(lock)
    cells[0] += 1
    threads.release(lock)
    return atomic.fetch_add(cells, 0, 1)


if __name__ == "__main__":
    assert kernel(threads.make_barrier(1), threads.make_lock(), atomic.make_cells()) == 1
    print(sum(kernel.stats.cache_hits.values()), sum(kernel.stats.cache_misses.values()))
"""


def test_a_second_process_finds_its_kernels_compiled(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(CACHED)
    environment = {
        **os.environ,
        "NUMBA_CACHE_DIR": str(tmp_path / "cache"),
        "PYTHONPATH": str(ROOT),
    }
    counts = [
        subprocess.run(
            [sys.executable, script], env=environment, check=True, capture_output=True, text=True
        ).stdout.split()
        for _ in range(2)
    ]
    assert counts == [["0", "1"], ["1", "0"]]
