"""Loops that take subnormal numbers for zero, and leave others as they were."""

import platform

import numpy as np
import pytest

from pnncore.arrays import Floats
from pnncore.kernels.compiled import exact
from pnncore.kernels.subnormal import flush_subnormals, restore_mode


@exact
def halve(numbers: Floats) -> None:
    mode = flush_subnormals()
    for j in range(numbers.shape[0]):
        numbers[j] *= 0.5
    restore_mode(mode)


@exact
def halve_exactly(numbers: Floats) -> None:
    for j in range(numbers.shape[0]):
        numbers[j] *= 0.5


@pytest.mark.skipif(
    platform.machine().lower() not in ("x86_64", "amd64", "aarch64", "arm64"),
    reason="subnormal numbers stay what they are there",
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_subnormal_numbers_are_zero_in_a_loop_and_nowhere_else(dtype: type) -> None:
    tiny = np.finfo(dtype).tiny
    numbers = np.array([tiny, -tiny, tiny / 4, 4 * tiny, 1], dtype)
    for _ in range(2):
        flushed, exactly = numbers.copy(), numbers.copy()
        halve(flushed)
        np.testing.assert_array_equal(flushed, np.array([0, 0, 0, 2 * tiny, 0.5], dtype))
        halve_exactly(exactly)
        np.testing.assert_array_equal(exactly, numbers * dtype(0.5))
        assert exactly[0] != 0
