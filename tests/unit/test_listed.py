"""Lists of pixels against NumPy."""

from typing import get_args

import numpy as np
import pytest
from conformance import make_task

from pnncore.data.inputs import make_table
from pnncore.kernels.listed import Listed, list_pixels
from pnncore.pool import pool
from pnncore.strategies.registry import STRATEGIES
from records.settings import Inputs


def make_pixels(*shape: int) -> np.ndarray:
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, shape, dtype=np.uint8)
    pixels[rng.random(shape) < 0.6] = 0
    return pixels


def check(listed: Listed, pixels: np.ndarray, kept: np.ndarray) -> None:
    starts, which, greys = listed
    assert (starts.dtype, greys.dtype) == (np.int64, np.uint8)
    np.testing.assert_array_equal(starts, np.cumsum([0, *kept.sum(axis=1)]))
    np.testing.assert_array_equal(which, np.nonzero(kept)[1])
    np.testing.assert_array_equal(greys, pixels[kept])


@pytest.mark.parametrize("shape", [(20, 30), (1, 1), (3, 0), (0, 30)], ids=str)
def test_pixels_that_are_not_zero_are_listed(shape: tuple[int, int]) -> None:
    pixels = make_pixels(*shape)
    check(list_pixels(pixels, "unit"), pixels, pixels != 0)


@pytest.mark.parametrize("grey", [0, 255])
def test_blank_and_full_images_are_listed(grey: int) -> None:
    pixels = make_pixels(5, 30)
    pixels[[0, 2, 4]] = grey
    check(list_pixels(pixels, "unit"), pixels, pixels != 0)
    blank = np.full((3, 30), grey, np.uint8)
    check(list_pixels(blank, "unit"), blank, blank != 0)


@pytest.mark.parametrize("coding", get_args(Inputs))
def test_inputs_are_those_of_the_coding(coding: Inputs) -> None:
    pixels = make_pixels(20, 30)
    table = make_table(coding, np.dtype(np.float64))
    listed, found = list_pixels(pixels, coding), np.zeros((20, 30))
    check(listed, pixels, table[pixels] != 0)
    for sample, (first, end) in enumerate(zip(listed.starts[:-1], listed.starts[1:], strict=True)):
        found[sample, listed.which[first:end]] = table[listed.greys[first:end]]
    np.testing.assert_array_equal(found, table[pixels])


@pytest.mark.parametrize(("size", "kind"), [(2**16, np.uint16), (2**16 + 1, np.uint32)])
def test_positions_in_large_images_are_whole(size: int, kind: type) -> None:
    pixels = np.zeros((2, size), np.uint8)
    pixels[:, -1] = 7
    listed = list_pixels(pixels, "unit")
    assert listed.which.dtype == kind
    check(listed, pixels, pixels != 0)


def kinds(listed: Listed) -> list[tuple[bool, bool]]:
    return [(isinstance(array, np.memmap), array.flags.writeable) for array in listed]


def test_processes_share_large_lists_and_write_none() -> None:
    small, large = (
        list_pixels(np.full((samples, 784), 255, np.uint8), "unit") for samples in (2, 2000)
    )
    assert kinds(small) == [(False, False)] * 3
    with pool("loky", 2) as two:
        assert two.map(kinds, [(small,), (large,)]) == [
            [(False, False)] * 3,
            [(False, False), (True, False), (True, False)],
        ]


def test_a_task_lists_its_pixels_once() -> None:
    sequential = STRATEGIES.named("sequential")
    with pool("threading", 1) as one:
        task = make_task(sequential, sequential.complete({}), 1, one)
    assert task.listed is task.listed
    check(task.listed, task.pixels, task.pixels != 0)
