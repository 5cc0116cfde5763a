"""Cells that threads access atomically, and what a waiting thread does: spin, yield or sleep.

All functions except `make_cells` are compiled and release the interpreter's lock when Python calls them. Indices are
not checked. Threads sleep on Linux only. Elsewhere `sleep` yields the processor, which is correct, but slower with more
threads than processors.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from typing import Any, TypeAlias

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

EVERYBODY = 2**31 - 1
"""Number of threads with which `wake` wakes all."""

_MACHINE = platform.machine().lower()
_LITTLE_ENDIAN = sys.byteorder == "little"
# The kernel's numbers for the system call that sleeps on a 32-bit word and wakes its sleepers.
_FUTEX_CALLS = {"x86_64": 202, "aarch64": 98} if sys.platform == "linux" else {}
_FUTEX = _FUTEX_CALLS.get(_MACHINE, 0) if _LITTLE_ENDIAN else 0
_FUTEX_WAIT_PRIVATE = 128
_FUTEX_WAKE_PRIVATE = 129

_CELLS = types.Array(types.int64, 1, "C")

# Callers of external functions, unlike those of ctypes functions, can be cached: a name is stored, not an address.
yield_processor: Callable[..., Any] = types.ExternalFunction(
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


def _compare_exchange_instruction(
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
compare_exchange: Callable[..., Any] = intrinsic(_compare_exchange_instruction)
_address: Callable[..., Any] = intrinsic(_address_instruction)
relax: Callable[..., Any] = intrinsic(_relax_instruction)


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
    def sleep(cells: Cells, index: int, value: int) -> None:
        """Sleep until woken, unless the cell no longer holds the value; may wake spuriously."""
        # The kernel compares the first four bytes, the low half of a little-endian cell.
        _system_call(_FUTEX, _address(cells, index), _FUTEX_WAIT_PRIVATE, value, 0)

    @exact
    def wake(cells: Cells, index: int, threads: int) -> None:
        """Wake up to `threads` of the threads that sleep on a cell."""
        _system_call(_FUTEX, _address(cells, index), _FUTEX_WAKE_PRIVATE, threads, 0)

else:

    @exact
    def sleep(cells: Cells, index: int, value: int) -> None:
        """Yield the processor: sleeping is not supported on this system."""
        yield_processor()

    @exact
    def wake(cells: Cells, index: int, threads: int) -> None:
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
