"""Sums and updates of rows, for every number of neurons and rows and every division among threads."""

import numpy as np
import pytest

from pnncore.kernels.rows import add_rows, update_rows

ROWS = 30
TOLERANCE = {np.dtype(np.float32): 1e-5, np.dtype(np.float64): 1e-13}
# Around the lengths of vectors and of blocks, and with a rest of every kind.
EVERY = pytest.mark.parametrize(
    "neurons", [*range(1, 20), 31, 32, 33, 63, 64, 65, 100, 113, 127, 128, 129, 200, 256, 257, 300]
)
BOTH = pytest.mark.parametrize("dtype", TOLERANCE, ids=str)


class Case:
    """Rows of random numbers, some of them listed."""

    def __init__(self, neurons: int, dtype: np.dtype, count: int) -> None:
        rng = np.random.default_rng(neurons + count)
        self.rows = rng.standard_normal((ROWS, neurons)).astype(dtype)
        self.line = rng.standard_normal(neurons).astype(dtype)
        self.which = np.sort(rng.permutation(ROWS)[:count]).astype(np.uint16)
        self.codes = rng.integers(0, 256, count, dtype=np.uint8)
        self.scales = rng.standard_normal(256).astype(dtype)
        self.factor = dtype.type(-0.3)
        self.tolerance = TOLERANCE[dtype]

    def add(self, low: int, high: int, sums: np.ndarray) -> None:
        rows, width = self.rows.reshape(-1)[low:], self.rows.shape[1]
        add_rows(sums[low:high], rows, width, self.which, self.codes, self.scales, self.factor)

    def update(self, low: int, high: int, rows: np.ndarray) -> None:
        flat, width = rows.reshape(-1)[low:], rows.shape[1]
        line = self.line[low:high]
        update_rows(line, flat, width, self.which, self.codes, self.scales, self.factor)


@BOTH
@EVERY
@pytest.mark.parametrize("count", [0, 1, 2, 7, ROWS])
def test_listed_rows_are_added(neurons: int, dtype: np.dtype, count: int) -> None:
    case = Case(neurons, dtype, count)
    found = case.line.copy()
    case.add(0, neurons, found)
    scales = case.factor * case.scales[case.codes].astype(np.float64)
    expected = case.line + scales @ case.rows[case.which]
    np.testing.assert_allclose(found, expected, rtol=0, atol=100 * case.tolerance)
    for cut in {0, 1, neurons // 3, neurons - 1, neurons}:
        parts = case.line.copy()
        case.add(0, cut, parts)
        case.add(cut, neurons, parts)
        assert parts.tobytes() == found.tobytes()


@BOTH
@EVERY
@pytest.mark.parametrize("count", [0, 1, 2, 7, ROWS])
def test_listed_rows_are_updated(neurons: int, dtype: np.dtype, count: int) -> None:
    case = Case(neurons, dtype, count)
    found = case.rows.copy()
    case.update(0, neurons, found)
    expected = case.rows.astype(np.float64)
    expected[case.which] += np.outer(case.factor * case.scales[case.codes], case.line)
    np.testing.assert_allclose(found, expected, rtol=0, atol=10 * case.tolerance)
    for cut in {0, 1, neurons // 3, neurons - 1, neurons}:
        parts = case.rows.copy()
        case.update(0, cut, parts)
        case.update(cut, neurons, parts)
        assert parts.tobytes() == found.tobytes()


@EVERY
def test_rows_without_a_list_are_all_rows_in_order(neurons: int) -> None:
    case = Case(neurons, np.dtype(np.float32), ROWS)
    order, scales = np.arange(ROWS), case.scales[:ROWS]
    rows = case.rows.reshape(-1)
    listed, found = case.line.copy(), case.line.copy()
    add_rows(listed, rows, neurons, order, order, scales, case.factor)
    add_rows(found, rows, neurons, None, None, scales, case.factor)
    assert found.tobytes() == listed.tobytes()
    updated, again = rows.copy(), rows.copy()
    update_rows(case.line, updated, neurons, order, order, scales, case.factor)
    update_rows(case.line, again, neurons, None, None, scales, case.factor)
    assert again.tobytes() == updated.tobytes()
