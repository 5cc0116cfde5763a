"""Loops over vectors, in the compiler's own terms: sums and errors of a block of neurons stay in registers.

Of a loop over arrays, the compiler would load and store the sums of all neurons for every row of weights, because it
cannot know how many neurons there are. So there is a loop for every number of vectors up to `BLOCK`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.extending import intrinsic

VECTOR = 64
"""Bytes of a vector. Processors whose vectors are shorter take several for one."""

BLOCK = 8
"""Largest number of vectors of a block."""

Emitted: TypeAlias = tuple[Any, Callable[..., Any]]


class Vectors:
    """Emits instructions on vectors.

    Parameters
    ----------
    context, builder
        Of an intrinsic.
    dtype
        Numba's type of the elements.
    """

    def __init__(self, context: Any, builder: Any, dtype: Any) -> None:
        self.builder = builder
        self.element = context.get_data_type(dtype)
        self.itemsize = dtype.bitwidth // 8

    def splat(self, value: Any, lanes: int) -> Any:
        """Emit a vector of equal numbers."""
        empty = ir.Constant(ir.VectorType(self.element, lanes), ir.Undefined)
        first = self.builder.insert_element(empty, value, ir.Constant(ir.IntType(32), 0))
        lanes_of_first = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [0] * lanes)
        return self.builder.shuffle_vector(first, empty, lanes_of_first)

    def address(self, base: Any, offset: Any, lanes: int) -> Any:
        """Emit the address of a vector that starts `offset` elements after `base`."""
        pointer = self.builder.gep(base, [offset])
        return self.builder.bitcast(pointer, ir.VectorType(self.element, lanes).as_pointer())

    def variable(self, value: Any) -> Any:
        """Emit a variable, which the compiler keeps in a register."""
        return cgutils.alloca_once_value(self.builder, value)  # type: ignore[no-untyped-call]

    def load(self, address: Any) -> Any:
        """Emit the load of a vector, aligned as its elements are."""
        value = self.builder.load(address)
        value.align = self.itemsize
        return value

    def store(self, value: Any, address: Any) -> None:
        """Emit the store of a vector, aligned as its elements are."""
        self.builder.store(value, address).align = self.itemsize

    def add_product(self, total: Any, a: Any, b: Any) -> Any:
        """Emit total + a · b, as one instruction where there is one."""
        product = self.builder.fmul(a, b, flags=("contract",))
        return self.builder.fadd(total, product, flags=("contract",))


class Block(Vectors):
    """Emits a loop for a block of neurons, whose number is known only when it runs.

    Parameters
    ----------
    context, builder, dtype
        See `Vectors`.
    size
        Number of neurons, as an emitted value.
    """

    def __init__(self, context: Any, builder: Any, dtype: Any, size: Any) -> None:
        super().__init__(context, builder, dtype)
        self.size, self.index = size, size.type

    def constant(self, value: int) -> Any:
        """Return an index that is known."""
        return ir.Constant(self.index, value)

    def kinds(self, most: int) -> Iterator[tuple[int, int, int]]:
        """Yield kinds of blocks, largest first: the least size, the lanes of a vector, and the number of vectors."""
        lanes = VECTOR // self.itemsize
        for vectors in range(most, 1, -1):
            yield lanes * (vectors - 1) + 1, lanes, vectors
        yield lanes, lanes, 1
        while lanes > 4:
            lanes //= 2
            yield lanes, lanes, 2
        for numbers in range(3, 0, -1):
            yield numbers, 1, numbers

    def emit(self, loop: Callable[[list[Any], int], None], most: int = BLOCK) -> None:
        """Emit `loop` for each kind of block of up to `most` vectors: with the vectors' offsets, and their lanes."""
        done = self.builder.append_basic_block("block.done")
        for least, lanes, vectors in self.kinds(most):
            here = self.builder.icmp_signed(">=", self.size, self.constant(least))
            with self.builder.if_then(here):
                offsets = [self.constant(lanes * v) for v in range(vectors - 1)]
                # The last vector ends with the block and overlaps the one before, which has the same numbers there.
                offsets.append(self.builder.sub(self.size, self.constant(lanes)))
                loop(offsets, lanes)
                self.builder.branch(done)
        self.builder.branch(done)
        self.builder.position_at_end(done)


class _Rows(Block):
    """Emits the loop over rows for a block of neurons.

    Parameters
    ----------
    context, builder, signature, arguments
        Of an intrinsic with the parameters of `add_block`.
    """

    def __init__(self, context: Any, builder: Any, signature: Any, arguments: Any) -> None:
        _, start, size, _, at, self.width, _, _, self.first, self.end, _, self.factor = arguments
        super().__init__(context, builder, signature.args[0].dtype, size)
        self.signature = signature

        def data(position: int) -> Any:
            kind = signature.args[position]
            if kind == types.none:
                return None
            return context.make_array(kind)(context, builder, arguments[position]).data

        self.line, self.rows = builder.gep(data(0), [start]), builder.gep(data(3), [at])
        self.which, self.codes, self.scales = data(6), data(7), data(10)

    @contextmanager
    def each_row(self, lanes: int) -> Iterator[tuple[Any, Any]]:
        """Emit a loop over the rows, whose body gets the row's start and a vector of its scale."""
        one = self.constant(1)
        with cgutils.for_range_slice(self.builder, self.first, self.end, one, inc=True) as (i, _):
            row, code = self._integer(self.which, 6, i), self._integer(self.codes, 7, i)
            scale = self.builder.load(self.builder.gep(self.scales, [code]))
            yield (
                self.builder.mul(row, self.width),
                self.splat(self.builder.fmul(self.factor, scale), lanes),
            )

    def _integer(self, array: Any, position: int, index: Any) -> Any:
        if array is None:
            return index
        value = self.builder.load(self.builder.gep(array, [index]))
        kind = self.signature.args[position].dtype
        if kind.bitwidth == self.index.width:
            return value
        extend = self.builder.sext if kind.signed else self.builder.zext
        return extend(value, self.index)


def check_arrays(*arrays: Any) -> None:
    """Raise `TypingError` for an array that is not contiguous, since only addresses are passed on."""
    for array in arrays:
        if not (isinstance(array, types.Array) and array.ndim == 1 and array.layout == "C"):
            message = f"expected a contiguous array of one dimension, not {array}"
            raise TypingError(message)


def _signature(line: Any, rows: Any, which: Any, codes: Any, scales: Any) -> Any:
    """Return the signature of a loop over rows."""
    lists = (which, codes) if which != types.none else ()
    check_arrays(line, rows, scales, *lists)
    n = types.intp
    return types.void(line, n, n, rows, n, n, which, codes, n, n, scales, line.dtype)


def _add_instructions(
    _typing: Any,
    sums: Any,
    start: Any,
    size: Any,
    rows: Any,
    at: Any,
    width: Any,
    which: Any,
    codes: Any,
    first: Any,
    end: Any,
    scales: Any,
    factor: Any,
) -> Emitted:
    """Emit `add_block`: sums[start + j] += factor · scales[codes[i]] · rows[at + which[i] · width + j].

    j is less than `size`, which is at most `BLOCK` vectors, and i goes from `first` to `end`. Indices are not checked.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        block = _Rows(context, builder, signature, arguments)

        def loop(offsets: list[Any], lanes: int) -> None:
            places = [block.address(block.line, offset, lanes) for offset in offsets]
            totals = [block.variable(block.load(place)) for place in places]
            with block.each_row(lanes) as (row, scale):
                for total, offset in zip(totals, offsets, strict=True):
                    weights = block.load(block.address(block.rows, builder.add(row, offset), lanes))
                    builder.store(block.add_product(builder.load(total), scale, weights), total)
            for total, place in zip(totals, places, strict=True):
                block.store(builder.load(total), place)

        block.emit(loop)
        return context.get_dummy_value()

    return _signature(sums, rows, which, codes, scales), generate


def _update_instructions(
    _typing: Any,
    values: Any,
    start: Any,
    size: Any,
    rows: Any,
    at: Any,
    width: Any,
    which: Any,
    codes: Any,
    first: Any,
    end: Any,
    scales: Any,
    factor: Any,
) -> Emitted:
    """Emit `update_block`: rows[at + which[i] · width + j] += factor · scales[codes[i]] · values[start + j]."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        block = _Rows(context, builder, signature, arguments)

        def loop(offsets: list[Any], lanes: int) -> None:
            values = [block.load(block.address(block.line, offset, lanes)) for offset in offsets]
            with block.each_row(lanes) as (row, scale):
                places = [
                    block.address(block.rows, builder.add(row, offset), lanes) for offset in offsets
                ]
                # All are loaded before any is stored, because the last two may overlap.
                weights = [block.load(place) for place in places]
                for place, weight, value in zip(places, weights, values, strict=True):
                    block.store(block.add_product(weight, scale, value), place)

        block.emit(loop)
        return context.get_dummy_value()

    return _signature(values, rows, which, codes, scales), generate


add_block: Callable[..., Any] = intrinsic(_add_instructions)
update_block: Callable[..., Any] = intrinsic(_update_instructions)
