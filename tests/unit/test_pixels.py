"""The first layer's sums and updates for a batch, for every number of samples that list a pixel."""

import numpy as np
import pytest

from pnncore.kernels.listed import Listed
from pnncore.kernels.pixels import (
    add_rows_by_batch,
    shrink_listed_rows,
    sort_pixels,
    update_rows_by_batch,
)
from pnncore.kernels.rows import add_rows, update_rows
from pnncore.kernels.samples import SAMPLES

TABLE = np.random.default_rng(1).random(256)
TABLE[0] = 0
STEP = 0.3
PARTS = 2
START = 16
"""Where the rows of sums and errors begin to be those of the first layer."""

EVERY_NEURONS = pytest.mark.parametrize("neurons", [1, 3, 7, 16, 37, 63, 64, 65, 100, 256, 300])
EVERY_COUNT = pytest.mark.parametrize("count", [0, 1, 2, 9, 50, SAMPLES, SAMPLES + 1, 2 * SAMPLES])
BOTH = pytest.mark.parametrize("dtype", [np.float32, np.float64])


class Case:
    """A batch of samples with few grey values, most of them zero, and what its loops take."""

    def __init__(self, count: int, neurons: int, dtype: type, pixels: int = 41) -> None:
        rng = np.random.default_rng(count)
        self.weights = rng.standard_normal((pixels, neurons)).astype(dtype)
        self.lines = rng.standard_normal((count, neurons + START + 11)).astype(dtype)
        self.table, self.step = TABLE.astype(dtype), dtype(STEP)
        greys = rng.integers(0, 3, (count, pixels), dtype=np.uint8)
        # The first and the last pixel of one sample or of all, and a pair that nobody lists.
        greys[:1, [0, -1]] = 255
        greys[:, 6:8] = 0
        self.batch = rng.permutation(count)
        self.images = greys[self.batch]
        starts = np.cumsum([0, *np.count_nonzero(greys, axis=1)])
        self.listed = Listed(starts, np.nonzero(greys)[1].astype(np.uint16), greys[greys != 0])
        # What an earlier batch has left.
        self.listings = np.full((PARTS, pixels + 1), 2**64 - 1, np.uint64)
        self.greys = np.full((PARTS, pixels + 1, SAMPLES), 7, np.uint8)
        sort_pixels(self.listed, self.batch, self.listings, self.greys)


@EVERY_COUNT
def test_pixels_are_sorted(count: int) -> None:
    case = Case(count, 1, np.float32)
    images = np.zeros((PARTS * SAMPLES, case.listings.shape[1]), np.uint8)
    images[:count, :-1] = case.images
    parts = images.reshape(PARTS, SAMPLES, -1)
    np.testing.assert_array_equal(case.greys, parts.transpose(0, 2, 1))
    bits = np.uint64(1) << np.arange(SAMPLES, dtype=np.uint64)
    expected = np.where(parts != 0, bits[:, np.newaxis], np.uint64(0)).sum(axis=1)
    np.testing.assert_array_equal(case.listings, expected)


@BOTH
@EVERY_NEURONS
@EVERY_COUNT
@pytest.mark.parametrize("pixels", [40, 41])
def test_sums_of_a_batch_are_those_of_its_samples(
    count: int, neurons: int, dtype: type, pixels: int
) -> None:
    case = Case(count, neurons, dtype, pixels)
    found, expected = case.lines.copy(), case.lines.copy()
    add_rows_by_batch(found, START, case.weights, case.listings, case.greys, case.table)
    flat, one = case.weights.reshape(-1), dtype(1)
    for line, image in zip(expected, case.images, strict=True):
        which = np.flatnonzero(image).astype(np.uint16)
        sums = line[START : START + neurons]
        add_rows(sums, flat, neurons, which, image[which], case.table, one)
    assert found.tobytes() == expected.tobytes()


@BOTH
@EVERY_NEURONS
@EVERY_COUNT
def test_an_update_by_a_batch_is_that_by_its_samples(count: int, neurons: int, dtype: type) -> None:
    case = Case(count, neurons, dtype)
    found, expected = case.weights.copy(), case.weights.copy()
    update_rows_by_batch(found, case.listings, case.greys, case.table, case.lines, START, case.step)
    flat = expected.reshape(-1)
    for line, image in zip(case.lines, case.images, strict=True):
        which = np.flatnonzero(image).astype(np.uint16)
        errors = line[START : START + neurons]
        update_rows(errors, flat, neurons, which, image[which], case.table, -case.step)
    assert found.tobytes() == expected.tobytes()


def test_only_listed_rows_are_shrunk() -> None:
    case = Case(3, 5, np.float64)
    listed = case.images.any(axis=0)
    ages = np.arange(len(listed)) % 4
    shrinks, pulls = np.array([0, 0.1, 0.2, 0.3, 0.4]), np.array([0, 0.01, 0.02, 0.03, 0.04])
    missed = (4 - ages)[:, np.newaxis]
    expected = np.maximum((1 - shrinks[missed]) * np.abs(case.weights) - pulls[missed], 0)
    expected = np.where(listed[:, np.newaxis], np.sign(case.weights) * expected, case.weights)
    shrink_listed_rows(case.weights, case.listings, ages, 4, shrinks, pulls)
    np.testing.assert_allclose(case.weights, expected, rtol=1e-12, atol=1e-15)
    assert (ages[listed] == 4).all()
    assert (ages[~listed] == np.arange(len(listed))[~listed] % 4).all()
