"""The compiled hyperbolic tangent against NumPy's in double precision."""

import numpy as np
import pytest

from pnncore.kernels.tanh import tanh

TINY, LARGEST = np.finfo(np.float32).smallest_subnormal, np.finfo(np.float32).max


def both_signs(values: np.ndarray) -> np.ndarray:
    return np.concatenate([values, -values]).astype(np.float32)


def compiled(values: np.ndarray) -> np.ndarray:
    results = values.copy()
    tanh(results)
    return results


@pytest.mark.parametrize(
    "values",
    [
        np.linspace(0, 12, 500_001),
        np.geomspace(TINY, 1, 100_001),
        np.geomspace(1, LARGEST, 10_001),
    ],
    ids=["even", "small", "large"],
)
def test_errors_are_below_five_units_in_the_last_place(values: np.ndarray) -> None:
    values = both_signs(np.minimum(values, LARGEST))
    found, expected = compiled(values), np.tanh(values.astype(np.float64))
    units = np.spacing(np.abs(expected).astype(np.float32)).astype(np.float64)
    assert (np.abs(found - expected) / units).max() < 5
    assert np.abs(found).max() <= 1


def test_special_numbers_are_numpys() -> None:
    values = both_signs(np.array([0, TINY, 9.1, LARGEST, np.inf, np.nan]))
    expected = np.array([0, TINY, 1, 1, 1, np.nan], np.float32)
    found = compiled(values)
    np.testing.assert_array_equal(found, [*expected, *-expected])
    np.testing.assert_array_equal(np.signbit(found[:5]), np.zeros(5))
    np.testing.assert_array_equal(np.signbit(found[6:11]), np.ones(5))


def test_numbers_are_the_same_wherever_a_range_ends() -> None:
    values = np.random.default_rng(1).standard_normal(150).astype(np.float32)
    whole = compiled(values)
    for cut in range(len(values) + 1):
        parts = values.copy()
        tanh(parts[:cut])
        tanh(parts[cut:])
        assert parts.tobytes() == whole.tobytes()


def test_double_precision_is_numpys() -> None:
    values = np.linspace(-20, 20, 1001)
    np.testing.assert_allclose(compiled(values), np.tanh(values), rtol=1e-15)
