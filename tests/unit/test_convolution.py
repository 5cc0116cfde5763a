"""The compiled convolution against plain NumPy, and its gradient against finite differences."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from pnncore.kernels.convolution import convolve, make_sums
from pnncore.kernels.convolution_gradient import update_filters


class Case(NamedTuple):
    """An image of inputs, shape (side, side), filters and their biases, and errors of the pooled sums."""

    image: np.ndarray
    weights: np.ndarray
    biases: np.ndarray
    pool: int
    deltas: np.ndarray

    def astype(self, dtype: Any) -> "Case":
        """Return the same case in another type."""
        image, weights, biases, pool, deltas = self
        return Case(
            *(a.astype(dtype) for a in (image, weights, biases)), pool, deltas.astype(dtype)
        )


def make_case(sizes: tuple[int, int, int, int], seed: int, whole: bool = False) -> Case:
    """Make a random case; in whole numbers, arithmetic is exact and many sums are equal."""
    side, size, filters, pool = sizes
    rng = np.random.default_rng(seed)

    def draw(*shape: int) -> np.ndarray:
        return rng.integers(-2, 3, shape).astype(float) if whole else rng.normal(size=shape)

    image = np.abs(draw(side, side))
    image[rng.random(image.shape) < rng.choice([0.3, 0.8, 1.0])] = 0
    deltas = draw(((side - size + 1) // pool) ** 2 * filters)
    deltas[rng.random(deltas.shape) < 0.4] = 0
    return Case(image, draw(size, size, filters), draw(filters), pool, deltas)


@st.composite
def all_sizes(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """Draw sides of an image, of filters that fit in and of pools that fit on them, and a number of filters."""
    side = draw(st.integers(1, 11))
    size = draw(st.integers(1, side))
    return side, size, draw(st.integers(1, 9)), draw(st.integers(1, side - size + 1))


def compiled(case: Case, step: float = -1.0, target: Case | None = None) -> tuple[np.ndarray, ...]:
    """Return pooled sums, places (y, x) of the winners, and a target's weights and biases after the descent."""
    image, weights, biases, pool, deltas = case
    (side, _), (size, _, filters) = image.shape, weights.shape
    which = np.flatnonzero(image).astype(np.uint16)
    greys, table = np.arange(len(which), dtype=np.uint8), np.zeros(256, image.dtype)
    table[: len(which)] = image.reshape(-1)[which]
    sums = make_sums(side, size, filters, pool, image.dtype)
    sums.fill(np.nan)  # whatever it held before must not matter
    pooled = np.empty_like(deltas)
    winners = np.empty(deltas.shape, np.int32)
    convolve(which, greys, table, weights, biases, side, pool, sums, pooled, winners)

    np.testing.assert_array_equal(winners % filters, np.arange(len(winners)) % filters)
    np.testing.assert_array_equal(sums[winners] + np.resize(biases, pooled.shape), pooled)

    moved = np.zeros_like(weights) if target is None else target.weights.copy()
    biases_moved = np.zeros_like(biases) if target is None else target.biases.copy()
    sums.fill(np.nan)
    dtype = image.dtype.type
    update_filters(
        which, greys, table, winners, deltas, dtype(step), moved, biases_moved, side, sums
    )
    return pooled, side * side - 1 - winners // filters, moved, biases_moved


def plain(case: Case) -> tuple[np.ndarray, ...]:
    """Return pooled sums, the winners' upper left pixels and the gradients of weights and biases."""
    image, weights, biases, pool, deltas = case
    size, _, filters = weights.shape
    windows = sliding_window_view(image, (size, size))
    sums = np.tensordot(windows, weights, axes=2) + biases
    cells = len(windows) // pool
    pooled, winners = [], []
    gradient, bias_gradient = np.zeros_like(weights), np.zeros_like(biases)
    for delta, (y, x, c) in zip(deltas, np.ndindex(cells, cells, filters), strict=True):
        square = sums[y * pool : (y + 1) * pool, x * pool : (x + 1) * pool, c]
        i, j = np.unravel_index(square.argmax(), square.shape)  # the first of equals
        pooled.append(square[i, j])
        winners.append((y * pool + i) * len(image) + x * pool + j)
        gradient[:, :, c] += delta * windows[y * pool + i, x * pool + j]
        bias_gradient[c] += delta
    return np.array(pooled), np.array(winners), gradient, bias_gradient


@settings(deadline=None, max_examples=150)
@given(all_sizes(), st.integers(0, 2**32))
def test_whole_numbers_give_exactly_what_numpy_does_and_the_first_of_equals_wins(
    sizes: tuple[int, int, int, int], seed: int
) -> None:
    case = make_case(sizes, seed, whole=True)
    for ours, theirs in zip(compiled(case), plain(case), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@settings(deadline=None, max_examples=100)
@given(all_sizes(), st.integers(0, 2**32))
def test_real_numbers_give_what_numpy_does(sizes: tuple[int, int, int, int], seed: int) -> None:
    case = make_case(sizes, seed)
    pooled, _, gradient, bias_gradient = compiled(case)
    theirs, _, their_gradient, their_bias_gradient = plain(case)
    np.testing.assert_allclose(pooled, theirs, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(gradient, their_gradient, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(bias_gradient, their_bias_gradient, rtol=1e-12, atol=1e-12)


def test_equal_sums_let_the_first_win() -> None:
    flat = Case(np.zeros((7, 7)), np.ones((2, 2, 2)), np.ones(2), 3, np.ones(8))
    _, winners, _, _ = compiled(flat)
    np.testing.assert_array_equal(winners, np.repeat([0, 3, 21, 24], 2))


@pytest.mark.parametrize("sizes", [(28, 5, 8, 2), (12, 3, 5, 3)])
def test_single_precision_agrees_with_double(sizes: tuple[int, int, int, int]) -> None:
    case = make_case(sizes, seed=1)
    for single, double in zip(compiled(case.astype(np.float32)), compiled(case), strict=True):
        assert single.dtype in (np.float32, np.int32)
        np.testing.assert_allclose(single, double, rtol=1e-4, atol=1e-4)


def test_update_is_a_step_down_the_gradient() -> None:
    case = make_case((10, 3, 4, 2), seed=2)
    _, _, gradient, bias_gradient = compiled(case)
    _, _, weights, biases = compiled(case, step=0.1, target=case)
    np.testing.assert_allclose(weights, case.weights - 0.1 * gradient, rtol=1e-12)
    np.testing.assert_allclose(biases, case.biases - 0.1 * bias_gradient, rtol=1e-12)


def test_gradient_is_that_of_finite_differences() -> None:
    case = make_case((9, 3, 3, 2), seed=3)
    step = 1e-6

    def value(weights: np.ndarray, biases: np.ndarray) -> float:
        moved = case._replace(weights=weights, biases=biases)
        return float(case.deltas @ compiled(moved)[0])

    _, _, gradient, bias_gradient = compiled(case)
    for name, ours in (("weights", gradient), ("biases", bias_gradient)):
        parameters = {"weights": case.weights, "biases": case.biases}
        numeric = np.empty_like(ours)
        for at in np.ndindex(ours.shape):
            nudge = np.zeros_like(ours)
            nudge[at] = step
            up = value(**parameters | {name: parameters[name] + nudge})
            down = value(**parameters | {name: parameters[name] - nudge})
            numeric[at] = (up - down) / (2 * step)
        np.testing.assert_allclose(ours, numeric, rtol=1e-6, atol=1e-7)
        assert np.abs(numeric).max() > 0.1  # or the comparison would say nothing


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_zeros_move_nothing(dtype: type) -> None:
    case = make_case((9, 3, 4, 2), seed=4).astype(dtype)

    blank = case._replace(image=np.zeros_like(case.image))
    _, _, weights, biases = compiled(blank, step=0.1, target=case)
    assert weights.tobytes() == case.weights.tobytes()
    assert biases.tobytes() != case.biases.tobytes()

    content = case._replace(deltas=np.zeros_like(case.deltas))
    _, _, weights, biases = compiled(content, step=0.1, target=case)
    assert weights.tobytes() == case.weights.tobytes()
    assert biases.tobytes() == case.biases.tobytes()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_buffer_starts_where_a_line_of_the_cache_does(dtype: type) -> None:
    sums = make_sums(28, 5, 8, 2, dtype)
    assert sums.dtype == dtype
    assert sums.ctypes.data % 64 == 0
