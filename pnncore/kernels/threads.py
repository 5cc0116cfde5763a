"""Synchronisation of threads in compiled loops: atomic cells, barriers, locks and turns.

All functions except `make_cells`, `make_barrier`, `make_lock` and `make_turns` are compiled and release the
interpreter's lock when Python calls them. Indices are not checked.

A waiting thread goes through three stages. It spins, which detects a change within nanoseconds; it yields its
processor to other runnable threads; and it sleeps until it is woken. Teams with a processor for each thread spin. With
more threads than processors, spinning would take the time that the others need. Yielding alone does not help: the
scheduler counts a yielding thread as busy, leaves threads with work queued on another processor, and a barrier of many
threads takes several times as long. Threads sleep on Linux only. Elsewhere they keep yielding, which is correct, but
slower with more threads than processors.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from typing import Any, TypeAlias

import joblib
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core.errors import TypingError
from numba.extending import intrinsic
from numpy.typing import NDArray

from pnncore import arrays
from pnncore.arrays import make_aligned
from pnncore.kernels.compiled import exact

Cells: TypeAlias = NDArray[np.int64]
"""Integers that threads access atomically: one-dimensional and contiguous."""

LINE = arrays.LINE // 8
"""Distance between cells that must not share a cache line."""

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

_MACHINE = platform.machine().lower()
_LITTLE_ENDIAN = sys.byteorder == "little"
# The kernel's numbers for the system call that sleeps on a 32-bit word and wakes its sleepers.
_FUTEX_CALLS = {"x86_64": 202, "aarch64": 98} if sys.platform == "linux" else {}
_FUTEX = _FUTEX_CALLS.get(_MACHINE, 0) if _LITTLE_ENDIAN else 0
_FUTEX_WAIT_PRIVATE = 128
_FUTEX_WAKE_PRIVATE = 129
_EVERYBODY = 2**31 - 1

_CELLS = types.Array(types.int64, 1, "C")

# Callers of external functions, unlike those of ctypes functions, can be cached: a name is stored, not an address.
_yield: Callable[..., Any] = types.ExternalFunction(
    "SwitchToThread" if os.name == "nt" else "sched_yield", types.int32()
)
_system_call: Callable[..., Any] = types.ExternalFunction(
    "syscall", types.int64(*[types.int64] * 5)
)

_Intrinsic: TypeAlias = tuple[Any, Callable[..., Any]]


def _signature(result: Any, cells: Any, values: int = 0) -> Any:
    """Return the signature of an instruction on cells, an index and `values` integers, or raise `TypingError`."""
    if cells != _CELLS:
        message = f"cells are {_CELLS}, not {cells}"
        raise TypingError(message)
    return result(_CELLS, types.intp, *[types.int64] * values)


def _pointer(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Emit the address of the element that an intrinsic's first two arguments name."""
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    return builder.gep(array.data, [arguments[1]])


def _load_instruction(_typing: Any, cells: Any, _index: Any) -> _Intrinsic:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _pointer(context, builder, signature, arguments)
        return builder.load_atomic(pointer, "seq_cst", 8)

    return _signature(types.int64, cells), generate


def _store_instruction(_typing: Any, cells: Any, _index: Any, _value: Any) -> _Intrinsic:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _pointer(context, builder, signature, arguments)
        builder.store_atomic(arguments[2], pointer, "release", 8)
        return context.get_dummy_value()

    return _signature(types.void, cells, 1), generate


def _exchange_instruction(_typing: Any, cells: Any, _index: Any, _value: Any) -> _Intrinsic:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _pointer(context, builder, signature, arguments)
        return builder.atomic_rmw("xchg", pointer, arguments[2], "seq_cst")

    return _signature(types.int64, cells, 1), generate


def _fetch_add_instruction(_typing: Any, cells: Any, _index: Any, _value: Any) -> _Intrinsic:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _pointer(context, builder, signature, arguments)
        return builder.atomic_rmw("add", pointer, arguments[2], "seq_cst")

    return _signature(types.int64, cells, 1), generate


def _replace_instruction(
    _typing: Any, cells: Any, _index: Any, _expected: Any, _value: Any
) -> _Intrinsic:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _pointer(context, builder, signature, arguments)
        pair = builder.cmpxchg(pointer, arguments[2], arguments[3], "seq_cst", "seq_cst")
        return builder.extract_value(pair, 1)

    return _signature(types.boolean, cells, 2), generate


def _address_instruction(_typing: Any, cells: Any, _index: Any) -> _Intrinsic:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _pointer(context, builder, signature, arguments)
        return builder.ptrtoint(pointer, ir.IntType(64))

    return _signature(types.int64, cells), generate


def _relax_instruction(_typing: Any) -> _Intrinsic:
    """Emit the processor's hint for a spinning loop, which saves power and favours the core's other thread."""

    def generate(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        void, number = ir.VoidType(), ir.IntType(32)
        if _MACHINE in ("x86_64", "amd64"):
            kind = ir.FunctionType(void, [])
            builder.call(builder.module.declare_intrinsic("llvm.x86.sse2.pause", (), kind), [])
        elif _MACHINE in ("aarch64", "arm64"):
            # The architecture's hint for spinning takes no time on most chips; ISB does. 15 is its only operand.
            kind = ir.FunctionType(void, [number])
            hint = builder.module.declare_intrinsic("llvm.aarch64.isb", (), kind)
            builder.call(hint, [ir.Constant(number, 15)])
        return context.get_dummy_value()

    return types.void(), generate


_load: Callable[..., Any] = intrinsic(_load_instruction)
_store: Callable[..., Any] = intrinsic(_store_instruction)
_exchange: Callable[..., Any] = intrinsic(_exchange_instruction)
_fetch_add: Callable[..., Any] = intrinsic(_fetch_add_instruction)
_replace: Callable[..., Any] = intrinsic(_replace_instruction)
_address: Callable[..., Any] = intrinsic(_address_instruction)
_relax: Callable[..., Any] = intrinsic(_relax_instruction)


@exact
def load(cells: Cells, index: int) -> int:
    """Read a cell, and see everything that was written before its value."""
    value: int = _load(cells, index)
    return value


@exact
def store(cells: Cells, index: int, value: int) -> None:
    """Write a cell; a thread that reads the value sees everything that was written before it."""
    _store(cells, index, value)


@exact
def exchange(cells: Cells, index: int, value: int) -> int:
    """Write a cell and return its previous value."""
    previous: int = _exchange(cells, index, value)
    return previous


@exact
def fetch_add(cells: Cells, index: int, value: int) -> int:
    """Add to a cell and return its previous value."""
    previous: int = _fetch_add(cells, index, value)
    return previous


if _FUTEX:

    @exact
    def _sleep(cells: Cells, index: int, value: int) -> None:
        """Sleep until woken, unless the cell no longer holds the value; may wake spuriously."""
        # The kernel compares the first four bytes, the low half of a little-endian cell.
        _system_call(_FUTEX, _address(cells, index), _FUTEX_WAIT_PRIVATE, value, 0)

    @exact
    def _wake(cells: Cells, index: int, threads: int) -> None:
        """Wake up to `threads` of the threads that sleep on a cell."""
        _system_call(_FUTEX, _address(cells, index), _FUTEX_WAKE_PRIVATE, threads, 0)

else:

    @exact
    def _sleep(cells: Cells, index: int, value: int) -> None:
        """Yield the processor: sleeping is not supported on this system."""
        _yield()

    @exact
    def _wake(cells: Cells, index: int, threads: int) -> None:
        """Do nothing: no thread sleeps on this system."""


def make_cells(count: int = 1) -> Cells:
    """Allocate cells of value zero, each on its own cache line.

    Parameters
    ----------
    count
        Number of cells.

    Returns
    -------
    numpy.ndarray
        Cell k is element ``k * LINE``; the elements between are unused.
    """
    cells: Cells = make_aligned((count * LINE,), np.int64)
    return cells


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
        _wake(barrier, _GENERATION, _EVERYBODY)


@exact
def _wait_for_others(barrier: Cells, generation: int) -> None:
    """Spin, then yield, then sleep until the barrier's generation changes."""
    for _ in range(barrier[_SPINS]):
        if load(barrier, _GENERATION) != generation:
            return
        _relax()
    for _ in range(_YIELDS):
        if load(barrier, _GENERATION) != generation:
            return
        _yield()
    fetch_add(barrier, _SLEEPERS, 1)
    while load(barrier, _GENERATION) == generation:
        _sleep(barrier, _GENERATION, generation)
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
    if not _replace(lock, 0, _FREE, _HELD):
        _acquire_held(lock)


@exact
def _acquire_held(lock: Cells) -> None:
    """Spin, then yield, then sleep until the lock is acquired."""
    for attempt in range(_LOCK_SPINS + _YIELDS):
        # Reading first does not take the cache line from the holder.
        if load(lock, 0) == _FREE and _replace(lock, 0, _FREE, _HELD):
            return
        if attempt < _LOCK_SPINS:
            _relax()
        else:
            _yield()
    # Acquired as wanted, since others may be asleep; if none is, the release makes one needless wake-up call.
    while exchange(lock, 0, _WANTED) != _FREE:
        _sleep(lock, 0, _WANTED)


@exact
def release(lock: Cells) -> None:
    """Release a lock that the caller holds."""
    if exchange(lock, 0, _FREE) == _WANTED:
        _wake(lock, 0, 1)


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
            _relax()
        else:
            _yield()
    fetch_add(turns, _WAITING, 1)
    over = load(turns, _OVER)
    while over < number:
        _sleep(turns, _OVER, over)
        over = load(turns, _OVER)
    fetch_add(turns, _WAITING, -1)


@exact
def end_turn(turns: Cells) -> None:
    """End the caller's turn."""
    fetch_add(turns, _OVER, 1)
    if load(turns, _WAITING) > 0:
        _wake(turns, _OVER, _EVERYBODY)
