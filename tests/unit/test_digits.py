import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from pnncore.data.formats import digits


def test_resampling_is_bilinear_between_pixel_centres() -> None:
    """Against np.interp, first along the columns and then along the rows."""
    generator = np.random.default_rng(1)
    image = generator.integers(0, digits.WHITE + 1, (8, 8), dtype=np.uint8)
    centres = (np.arange(28) + 0.5) * 8 / 28 - 0.5

    def stretch(rows: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([np.interp(centres, np.arange(8), row) for row in rows])

    expected = stretch(stretch(image.astype(float)).T).T * 255 / digits.WHITE
    (resampled,) = digits.resample(image[np.newaxis])
    np.testing.assert_allclose(resampled, expected, atol=0.5 + 1e-9)


def test_weights_of_a_pixel_sum_to_one() -> None:
    weights, unit = digits.interpolation()
    assert weights.shape == (28, 8)
    assert (weights >= 0).all()
    assert (weights.sum(axis=1) == unit).all()


@pytest.mark.parametrize(("grey", "expected"), [(0, 0), (8, 128), (16, 255)])
def test_an_even_image_stays_even(grey: int, expected: int) -> None:
    assert (digits.resample(np.full((1, 8, 8), grey, np.uint8)) == expected).all()


def test_splits_are_stratified_and_disjoint() -> None:
    made = digits.splits()
    (train, train_labels), (test, test_labels) = made["train"], made["test"]
    assert train.shape == (1437, 28, 28)
    assert test.shape == (360, 28, 28)
    assert {array.dtype for pair in made.values() for array in pair} == {np.dtype(np.uint8)}
    shares = np.bincount(train_labels) / 1437 - np.bincount(test_labels) / 360
    assert np.abs(shares).max() < 1 / 360
    assert len({image.tobytes() for image in (*train, *test)}) == 1797


def test_scikit_learn_is_imported_only_when_needed() -> None:
    code = "import sys, pnncore.data.formats.digits, pnncore.data.prepare; print('sklearn' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "False"
