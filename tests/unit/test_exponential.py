"""The compiled functions of the exponential against NumPy's in double precision."""

from collections.abc import Callable

import numpy as np
import pytest

from pnncore.kernels.exponential import elu, exponentials, sigmoid

TINY = np.finfo(np.float32).tiny
SPREAD = np.concatenate([np.linspace(0, 86, 500_001), np.geomspace(TINY, 1, 100_001)])
EVERY = np.concatenate([-SPREAD, SPREAD]).astype(np.float32)

Function = Callable[[np.ndarray], object]


def compiled(function: Function, values: np.ndarray) -> np.ndarray:
    results = values.copy()
    function(results)
    return results


def shrunk(values: np.ndarray) -> None:
    elu(values, values.dtype.type(0.5))


def from_the_largest(values: np.ndarray) -> None:
    exponentials(values, values.dtype.type(3))


FUNCTIONS = [
    pytest.param(sigmoid, lambda x: 1 / (1 + np.exp(-x)), EVERY, id="sigmoid"),
    pytest.param(
        shrunk, lambda x: np.where(x < 0, 0.5 * np.expm1(np.minimum(x, 0)), x), EVERY, id="elu"
    ),
    pytest.param(from_the_largest, lambda x: np.exp(x - 3), 3 - np.abs(EVERY), id="exponentials"),
]
each = pytest.mark.parametrize(("function", "exact", "values"), FUNCTIONS)


@each
def test_errors_are_below_three_units_in_the_last_place(
    function: Function, exact: Function, values: np.ndarray
) -> None:
    found, expected = compiled(function, values), np.asarray(exact(values.astype(np.float64)))
    units = np.spacing(np.abs(expected).astype(np.float32)).astype(np.float64)
    assert (np.abs(found - expected) / units).max() < 3


@each
def test_double_precision_is_numpys(
    function: Function, exact: Function, values: np.ndarray
) -> None:
    values = values[::1000].astype(np.float64)
    np.testing.assert_allclose(compiled(function, values), exact(values), rtol=1e-14)


@each
def test_numbers_are_the_same_wherever_a_range_ends(
    function: Function, exact: Function, values: np.ndarray
) -> None:
    some = values[:: len(values) // 150]
    whole = compiled(function, some)
    for cut in range(len(some) + 1):
        parts = some.copy()
        function(parts[:cut])
        function(parts[cut:])
        assert parts.tobytes() == whole.tobytes()


def test_special_numbers_are_the_limits() -> None:
    values = np.array([0, -np.inf, np.inf, np.nan], np.float32)
    np.testing.assert_allclose(compiled(sigmoid, values), [0.5, 0, 1, np.nan], atol=2e-38)
    np.testing.assert_array_equal(compiled(shrunk, values), [0, -0.5, np.inf, np.nan])
    values = np.array([3, -np.inf, np.nan], np.float32)
    np.testing.assert_allclose(compiled(from_the_largest, values), [1, 0, np.nan], atol=2e-38)
