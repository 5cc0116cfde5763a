"""Subnormal numbers, which loops take for zero.

The errors of a sample that is learnt to the last digit are below the smallest normal number. They move no weight,
but some processors take a hundred times as long for each operation on them: an epoch of a network that has learnt its
samples would last longer and longer. A loop changes how its thread rounds while it runs, and changes it back.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic

_Intrinsic: TypeAlias = tuple[Any, Callable[..., Any]]

_INT32, _INT64 = ir.IntType(32), ir.IntType(64)
_MACHINE = platform.machine().lower()

_X86_FLAGS: Final = 0x8040
"""Flush results to zero, and take operands for zero."""

_ARM_FLAGS: Final = 1 << 24


def _read_x86(builder: Any) -> Any:
    place = builder.alloca(_INT32)
    _call_x86(builder, "llvm.x86.sse.stmxcsr", place)
    return builder.zext(builder.load(place), _INT64)


def _write_x86(builder: Any, mode: Any) -> None:
    place = builder.alloca(_INT32)
    builder.store(builder.trunc(mode, _INT32), place)
    _call_x86(builder, "llvm.x86.sse.ldmxcsr", place)


def _call_x86(builder: Any, name: str, place: Any) -> None:
    pointer = ir.IntType(8).as_pointer()
    kind = ir.FunctionType(ir.VoidType(), [pointer])
    function = _function(builder, name, kind)
    builder.call(function, [builder.bitcast(place, pointer)])


def _read_arm(builder: Any) -> Any:
    return builder.call(
        _function(builder, "llvm.aarch64.get.fpcr", ir.FunctionType(_INT64, [])), []
    )


def _write_arm(builder: Any, mode: Any) -> None:
    kind = ir.FunctionType(ir.VoidType(), [_INT64])
    builder.call(_function(builder, "llvm.aarch64.set.fpcr", kind), [mode])


def _function(builder: Any, name: str, kind: Any) -> Any:
    module = builder.module
    return module.globals.get(name) or ir.Function(module, kind, name)


_X86 = (_read_x86, _write_x86, _X86_FLAGS)
_ACCESS: Final[dict[str, tuple[Callable[..., Any], Callable[..., Any], int]]] = {
    "x86_64": _X86,
    "amd64": _X86,
    "aarch64": (_read_arm, _write_arm, _ARM_FLAGS),
    "arm64": (_read_arm, _write_arm, _ARM_FLAGS),
}
"""How a thread's mode is read and written, and its flags; on other machines, subnormal numbers stay what they are."""


def _flush_instruction(_typing: Any) -> _Intrinsic:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if _MACHINE not in _ACCESS:
            return _INT64(0)
        read, write, flags = _ACCESS[_MACHINE]
        mode = read(builder)
        write(builder, builder.or_(mode, _INT64(flags)))
        return mode

    return types.int64(), generate


def _restore_instruction(_typing: Any, _mode: Any) -> _Intrinsic:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if _MACHINE in _ACCESS:
            _, write, _ = _ACCESS[_MACHINE]
            write(builder, arguments[0])
        return context.get_dummy_value()

    return types.void(types.int64), generate


flush_subnormals: Callable[..., Any] = intrinsic(_flush_instruction)
"""Take subnormal numbers for zero in this thread from now on; return the mode before, for `restore_mode`."""

restore_mode: Callable[..., Any] = intrinsic(_restore_instruction)
"""Set this thread's mode to what `flush_subnormals` returned."""
