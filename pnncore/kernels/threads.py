"""Synchronisation of threads in compiled loops: barriers, locks and turns.

All functions except those that make something are compiled and release the interpreter's lock when Python calls them.

A waiting thread goes through three stages. It spins, which detects a change within nanoseconds; it yields its
processor to other runnable threads; and it sleeps until it is woken. Teams with a processor for each thread spin. With
more threads than processors, spinning would take the time that the others need. Yielding alone does not help: the
scheduler counts a yielding thread as busy, leaves threads with work queued on another processor, and a barrier of many
threads takes several times as long.
"""

from __future__ import annotations

import joblib
import numpy as np

from pnncore.kernels.atomic import (
    EVERYBODY,
    LINE,
    Cells,
    compare_exchange,
    exchange,
    fetch_add,
    load,
    make_cells,
    relax,
    sleep,
    store,
    wake,
    yield_processor,
)
from pnncore.kernels.compiled import exact

# A barrier's cells.
_ARRIVED = 0
_GENERATION = LINE
_SLEEPERS = 2 * LINE
_THREADS = 3 * LINE
_SPINS = 3 * LINE + 1  # beside the thread count, because both are only read

# The cells of turns: the number of ended turns, and the number of sleeping threads.
_OVER = 0
_WAITING = LINE

# A lock's states.
_FREE = 0
_HELD = 1
_WANTED = 2  # held, and a thread may sleep until it is free

# 30 to 100 microseconds, a few times the cost of putting a thread to sleep and waking it.
_BARRIER_SPINS = 2000
# A lock is held briefly, and its holder is running unless it was interrupted.
_LOCK_SPINS = 100
# One would suffice if the scheduler always ran the late threads first. Many more cost more than sleeping.
_YIELDS = 8


def make_barrier(threads: int) -> Cells:
    """Make a reusable barrier for a team of threads.

    Parameters
    ----------
    threads
        Number of threads that call `wait` each time. All of them must run at the same time; otherwise those that do
        wait for ever.

    Returns
    -------
    numpy.ndarray
        Argument of `wait`.
    """
    barrier = make_cells(4)
    barrier[_THREADS] = threads
    barrier[_SPINS] = _BARRIER_SPINS if threads <= joblib.cpu_count() else 0
    return barrier


def make_lock() -> Cells:
    """Make a free lock for `acquire` and `release`."""
    return make_cells(1)


def make_locks(count: int) -> Cells:
    """Make free locks beside each other: cell k, as a slice of one element, is a lock for `acquire` and `release`."""
    locks: Cells = np.zeros(count, np.int64)
    return locks


@exact
def wait(barrier: Cells) -> None:
    """Wait until every thread of the team has called this as often as the caller.

    After it, each thread sees everything that any of them wrote before it.

    Parameters
    ----------
    barrier
        Made by `make_barrier`.
    """
    # Read before arriving: afterwards the last thread may change it at any time.
    generation = load(barrier, _GENERATION)
    if fetch_add(barrier, _ARRIVED, 1) < barrier[_THREADS] - 1:
        _wait_for_others(barrier, generation)
        return
    # Reset first: a thread that sees the new generation may arrive again at once.
    store(barrier, _ARRIVED, 0)
    # The addition is ordered before the read of sleepers: either this thread sees a sleeper or the sleeper the change.
    fetch_add(barrier, _GENERATION, 1)
    if load(barrier, _SLEEPERS) > 0:
        wake(barrier, _GENERATION, EVERYBODY)


@exact
def _wait_for_others(barrier: Cells, generation: int) -> None:
    """Spin, then yield, then sleep until the barrier's generation changes."""
    for _ in range(barrier[_SPINS]):
        if load(barrier, _GENERATION) != generation:
            return
        relax()
    for _ in range(_YIELDS):
        if load(barrier, _GENERATION) != generation:
            return
        yield_processor()
    fetch_add(barrier, _SLEEPERS, 1)
    while load(barrier, _GENERATION) == generation:
        sleep(barrier, _GENERATION, generation)
    fetch_add(barrier, _SLEEPERS, -1)


@exact
def acquire(lock: Cells) -> None:
    """Acquire a lock, and see everything that its previous holders wrote.

    Waiting threads acquire it in no particular order.

    Parameters
    ----------
    lock
        Made by `make_lock`. Its first element is the state, so any array of zeros works.
    """
    if not compare_exchange(lock, 0, _FREE, _HELD):
        _acquire_held(lock)


@exact
def _acquire_held(lock: Cells) -> None:
    """Spin, then yield, then sleep until the lock is acquired."""
    for attempt in range(_LOCK_SPINS + _YIELDS):
        # Reading first does not take the cache line from the holder.
        if load(lock, 0) == _FREE and compare_exchange(lock, 0, _FREE, _HELD):
            return
        if attempt < _LOCK_SPINS:
            relax()
        else:
            yield_processor()
    # Acquired as wanted, since others may be asleep; if none is, the release makes one needless wake-up call.
    while exchange(lock, 0, _WANTED) != _FREE:
        sleep(lock, 0, _WANTED)


@exact
def release(lock: Cells) -> None:
    """Release a lock that the caller holds."""
    if exchange(lock, 0, _FREE) == _WANTED:
        wake(lock, 0, 1)


def make_turns() -> Cells:
    """Make turns, none of them ended, for `await_turn` and `end_turn`."""
    return make_cells(2)


@exact
def await_turn(turns: Cells, number: int) -> None:
    """Wait until `number` turns have ended, and see everything that was written in them.

    Parameters
    ----------
    turns
        Made by `make_turns`.
    number
        Number of turns before the caller's.
    """
    for attempt in range(_LOCK_SPINS + _YIELDS):
        if load(turns, _OVER) >= number:
            return
        if attempt < _LOCK_SPINS:
            relax()
        else:
            yield_processor()
    fetch_add(turns, _WAITING, 1)
    over = load(turns, _OVER)
    while over < number:
        sleep(turns, _OVER, over)
        over = load(turns, _OVER)
    fetch_add(turns, _WAITING, -1)


@exact
def end_turn(turns: Cells) -> None:
    """End the caller's turn."""
    fetch_add(turns, _OVER, 1)
    if load(turns, _WAITING) > 0:
        wake(turns, _OVER, EVERYBODY)
