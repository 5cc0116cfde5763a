"""Lists of pixels are loaded into the caches before they are needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic

from pnncore.kernels.compiled import exact
from pnncore.kernels.listed import Listed
from pnncore.kernels.vectors import Emitted, check_arrays

LINE = 64
"""Bytes that are loaded together."""

READ, KEPT, DATA = 0, 3, 1


def _instructions(_typing: Any, array: Any, index: Any) -> Emitted:
    """Emit `_prefetch`: load the line of array[index] into all caches. The index is not checked."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        address = builder.bitcast(builder.gep(data, [arguments[1]]), byte)
        builder.call(prefetch, [address, *(ir.Constant(number, n) for n in (READ, KEPT, DATA))])
        return context.get_dummy_value()

    check_arrays(array)
    return types.void(array, types.intp), generate


_prefetch: Callable[..., Any] = intrinsic(_instructions)


@exact
def prefetch_pixels(listed: Listed, sample: int) -> None:
    """Load a sample's list of pixels into the caches: the processor cannot foresee the next of a random order."""
    start, end = listed.starts[sample], listed.starts[sample + 1]
    for i in range(start, end, LINE // listed.which.itemsize):
        _prefetch(listed.which, i)
    for i in range(start, end, LINE):
        _prefetch(listed.greys, i)
