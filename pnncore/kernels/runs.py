"""Loops over short runs of numbers, in the compiler's own terms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from pnncore.kernels.vectors import BLOCK, Emitted, Vectors, check_arrays

RUN = 32
"""Bytes of a vector of a run, which is short: eight numbers of single precision. Runs of whole vectors are faster."""


def _run_instructions(
    _typing: Any, sums: Any, start: Any, step: Any, values: Any, size: Any, count: Any, scale: Any
) -> Emitted:
    """Emit `add_runs`: sums[start + k · step + j] += scale · values[k · size + j], for k < `count` and j < `size`."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        line, start, step, source, size, count, factor = arguments
        vectors = Vectors(context, builder, signature.args[0].dtype)
        targets = context.make_array(signature.args[0])(context, builder, line).data
        sources = context.make_array(signature.args[3])(context, builder, source).data
        targets, index, lanes = builder.gep(targets, [start]), size.type, RUN // vectors.itemsize

        def add(place: Any, value: Any, lanes: int) -> None:
            target = vectors.address(targets, place, lanes)
            value = vectors.load(vectors.address(sources, value, lanes))
            product = vectors.add_product(vectors.load(target), vectors.splat(factor, lanes), value)
            vectors.store(product, target)

        done = builder.append_basic_block("runs.done")
        for whole in range(1, BLOCK + 1):
            with builder.if_then(
                builder.icmp_signed("==", size, ir.Constant(index, lanes * whole))
            ):
                with cgutils.for_range(builder, count, intp=index) as loop:
                    place = builder.mul(loop.index, step)
                    value = builder.mul(loop.index, size)
                    for offset in (ir.Constant(index, lanes * v) for v in range(whole)):
                        add(builder.add(place, offset), builder.add(value, offset), lanes)
                builder.branch(done)
        with (
            cgutils.for_range(builder, count, intp=index) as loop,
            cgutils.for_range(builder, size, intp=index) as each,
        ):
            place = builder.add(builder.mul(loop.index, step), each.index)
            add(place, builder.add(builder.mul(loop.index, size), each.index), 1)
        builder.branch(done)
        builder.position_at_end(done)
        return context.get_dummy_value()

    check_arrays(sums, values)
    n = types.intp
    return types.void(sums, n, n, values, n, n, sums.dtype), generate


add_runs: Callable[..., Any] = intrinsic(_run_instructions)
