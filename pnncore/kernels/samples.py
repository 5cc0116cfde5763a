"""Loops over the samples that list a pixel, in the compiler's own terms: the pixel's weights stay in registers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic

from pnncore.kernels.vectors import Block, Emitted, check_arrays

SAMPLES = 64
"""Largest number of samples of a loop: they are the bits of one word."""

PAIR = 4
"""Largest number of vectors of a block of two pixels' weights."""


class _Samples(Block):
    """Emits the loop over samples for a block of neurons.

    Parameters
    ----------
    context, builder, signature, arguments
        Of an intrinsic with the parameters of `update_pixel`.
    """

    def __init__(self, context: Any, builder: Any, signature: Any, arguments: Any) -> None:
        _, start, self.width, size, _, place, self.bits, _, first, _, self.factor = arguments[:11]
        super().__init__(context, builder, signature.args[0].dtype, size)

        def data(position: int) -> Any:
            array = context.make_array(signature.args[position])
            return array(context, builder, arguments[position]).data

        self.lines, self.row = builder.gep(data(0), [start]), builder.gep(data(4), [place])
        self.greys, self.scales = builder.gep(data(7), [first]), data(9)

    @contextmanager
    def each_sample(self, lanes: int, pixels: int) -> Iterator[tuple[Any, list[Any]]]:
        """Emit a loop over the samples, whose body gets the line's start and a vector of each pixel's scale."""
        builder = self.builder
        left, one = self.variable(self.bits), ir.Constant(self.bits.type, 1)
        body, end = (builder.append_basic_block(f"samples.{name}") for name in ("body", "end"))
        builder.branch(body)
        builder.position_at_end(body)
        bits = builder.load(left)
        sample = builder.cttz(bits, ir.Constant(ir.IntType(1), 1))
        scales = []
        for pixel in range(pixels):
            place = builder.add(sample, self.constant(pixel * SAMPLES))
            grey = builder.zext(builder.load(builder.gep(self.greys, [place])), self.index)
            scale = builder.load(builder.gep(self.scales, [grey]))
            scales.append(self.splat(builder.fmul(self.factor, scale), lanes))
        yield builder.mul(sample, self.width), scales
        # Without its lowest bit, which was this sample's.
        bits = builder.and_(bits, builder.sub(bits, one))
        builder.store(bits, left)
        more = builder.icmp_unsigned("!=", bits, ir.Constant(bits.type, 0))
        builder.cbranch(more, body, end)
        builder.position_at_end(end)


def _signature(lines: Any, rows: Any, greys: Any, scales: Any, *more: Any) -> Any:
    check_arrays(lines, rows, greys, scales)
    n = types.intp
    return types.void(lines, n, n, n, rows, n, types.uint64, greys, n, scales, lines.dtype, *more)


def _add_instructions(
    _typing: Any,
    sums: Any,
    start: Any,
    width: Any,
    size: Any,
    rows: Any,
    place: Any,
    bits: Any,
    greys: Any,
    first: Any,
    scales: Any,
    factor: Any,
    distance: Any,
) -> Emitted:
    """Emit `add_pair`: sums[start + s · width + j] += x · rows[place + j] + y · rows[place + distance + j].

    x = factor · scales[greys[first + s]] and y = factor · scales[greys[first + `SAMPLES` + s]], for each s whose bit is
    set, at least one, and each j less than `size`, which is at most `PAIR` vectors. x is added first.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        block = _Samples(context, builder, signature, arguments)
        rows = block.row, builder.gep(block.row, [arguments[11]])

        def loop(offsets: list[Any], lanes: int) -> None:
            weights = [
                [block.load(block.address(row, offset, lanes)) for row in rows]
                for offset in offsets
            ]
            with block.each_sample(lanes, len(rows)) as (line, scales):
                places = [
                    block.address(block.lines, builder.add(line, offset), lanes)
                    for offset in offsets
                ]
                # All are loaded before any is stored, because the last two may overlap.
                totals = [block.load(place) for place in places]
                for place, total, column in zip(places, totals, weights, strict=True):
                    for scale, weight in zip(scales, column, strict=True):
                        total = block.add_product(total, scale, weight)
                    block.store(total, place)

        block.emit(loop, PAIR)
        return context.get_dummy_value()

    return _signature(sums, rows, greys, scales, types.intp), generate


def _update_instructions(
    _typing: Any,
    errors: Any,
    start: Any,
    width: Any,
    size: Any,
    rows: Any,
    place: Any,
    bits: Any,
    greys: Any,
    first: Any,
    scales: Any,
    factor: Any,
) -> Emitted:
    """Emit `update_pixel`: rows[place + j] += factor · scales[greys[first + s]] · errors[start + s · width + j].

    s are the samples whose bits are set, at least one, in ascending order; j is less than `size`, which is at most
    `BLOCK` vectors. Indices are not checked.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        block = _Samples(context, builder, signature, arguments)

        def loop(offsets: list[Any], lanes: int) -> None:
            places = [block.address(block.row, offset, lanes) for offset in offsets]
            weights = [block.variable(block.load(place)) for place in places]
            with block.each_sample(lanes, 1) as (line, (scale,)):
                for weight, offset in zip(weights, offsets, strict=True):
                    error = block.load(block.address(block.lines, builder.add(line, offset), lanes))
                    builder.store(block.add_product(builder.load(weight), scale, error), weight)
            for weight, place in zip(weights, places, strict=True):
                block.store(builder.load(weight), place)

        block.emit(loop)
        return context.get_dummy_value()

    return _signature(errors, rows, greys, scales), generate


add_pair: Callable[..., Any] = intrinsic(_add_instructions)
update_pixel: Callable[..., Any] = intrinsic(_update_instructions)
