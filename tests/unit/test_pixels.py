"""Loops over the rows of weights of listed pixels, for every number of rows and every division among threads."""

import numpy as np
import pytest

from pnncore.kernels.listed import Listed
from pnncore.kernels.pixels import add_rows, update_rows, update_rows_by_batch

PIXELS, NEURONS = 40, 37
EVERY = pytest.mark.parametrize("count", [*range(19), PIXELS])
RNG = np.random.default_rng(1)
WEIGHTS = RNG.standard_normal((PIXELS, NEURONS)).astype(np.float32)
INPUTS = RNG.random(PIXELS).astype(np.float32)
STEP = np.float32(0.3)


def draw(count: int) -> np.ndarray:
    return np.sort(np.random.default_rng(count).permutation(PIXELS)[:count]).astype(np.uint16)


@EVERY
def test_inputs_times_weights_are_added(count: int) -> None:
    which, start = draw(count), WEIGHTS[0] + 1
    whole = start.copy()
    add_rows(WEIGHTS, which, INPUTS, whole, 0, NEURONS)
    expected = start + INPUTS[:count].astype(np.float64) @ WEIGHTS[which]
    np.testing.assert_allclose(whole, expected, rtol=1e-5, atol=1e-5)
    for cut in range(NEURONS + 1):
        parts = start.copy()
        add_rows(WEIGHTS, which, INPUTS, parts, 0, cut)
        add_rows(WEIGHTS, which, INPUTS, parts, cut, NEURONS)
        assert parts.tobytes() == whole.tobytes()


@EVERY
def test_a_gradient_is_subtracted(count: int) -> None:
    which, delta, whole = draw(count), WEIGHTS[1], WEIGHTS.copy()
    update_rows(whole, which, INPUTS, delta, STEP, 0, NEURONS)
    expected = WEIGHTS.astype(np.float64)
    expected[which] -= STEP * np.outer(INPUTS[:count], delta)
    np.testing.assert_allclose(whole, expected, rtol=1e-5, atol=1e-6)
    for cut in range(NEURONS + 1):
        parts = WEIGHTS.copy()
        update_rows(parts, which, INPUTS, delta, STEP, 0, cut)
        update_rows(parts, which, INPUTS, delta, STEP, cut, NEURONS)
        assert parts.tobytes() == whole.tobytes()


@EVERY
def test_a_batch_is_its_samples_one_after_another(count: int) -> None:
    rng = np.random.default_rng(count)
    greys = rng.integers(0, 3, (count, PIXELS), dtype=np.uint8)
    starts = np.cumsum([0, *np.count_nonzero(greys, axis=1)])
    listed = Listed(starts, np.nonzero(greys)[1].astype(np.uint16), greys[greys != 0])
    batch, deltas = rng.permutation(count), RNG.standard_normal((count, 64)).astype(np.float32)
    ends, samples = np.empty(PIXELS + 1, np.int64), np.empty(greys.size, np.int32)
    scales, found, expected = np.empty(greys.size, np.float32), WEIGHTS.copy(), WEIGHTS.copy()
    update_rows_by_batch(found, listed, batch, INPUTS, deltas, 16, STEP, ends, samples, scales)
    for sample, delta in zip(batch, deltas[:, 16:], strict=True):
        (which,) = np.nonzero(greys[sample])
        inputs = INPUTS[greys[sample, which]]
        update_rows(expected, which.astype(np.uint16), inputs, delta, STEP, 0, NEURONS)
    assert found.tobytes() == expected.tobytes()
