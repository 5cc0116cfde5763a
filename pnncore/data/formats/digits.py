"""Scikit-learn's handwritten digits, resampled to the size of MNIST's images."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pnncore.arrays import Pixels
from pnncore.data.format import Arrays, Format, check_content
from records.dataset import Dataset, Split
from records.errors import InputError

SIZE = 28
"""Rows and columns of the resampled images."""

SOURCE_SIZE = 8
"""Rows and columns of scikit-learn's images."""

WHITE = 16
"""Largest grey value of scikit-learn's images; the smallest is 0."""

TEST_SAMPLES = 360
"""A fifth of the 1,797 images."""

SPLIT_SEED = 0
"""Fixed, so that all runs on all machines use the same test images."""


class Digits(Dataset, frozen=True, kw_only=True, tag="digits"):
    """scikit-learn's handwritten digits, enlarged and split."""


def read(name: str, entry: Digits, folder: Path) -> Arrays:
    """Return the splits of scikit-learn's digits, checked against the manifest."""
    arrays = splits()
    for split, (images, labels) in arrays.items():
        stated: Split = getattr(entry.splits, split)
        found = {
            f"splits.{split}.samples": (stated.samples, len(labels)),
            "image.height": (entry.image.height, images.shape[1]),
            "image.width": (entry.image.width, images.shape[2]),
            "classes": (entry.classes, int(labels.max()) + 1),
        }
        for key, (given, right) in found.items():
            if given != right:
                raise InputError(
                    f"{name}: {key}: the manifest says {given}; scikit-learn's digits have {right}"
                )
        for kind, array, held in (
            ("images", images, stated.images),
            ("labels", labels, stated.labels),
        ):
            check_content(
                f"{name}: {split} {kind}",
                array.tobytes(),
                held.content_sha256,
                f"scikit-learn {version('scikit-learn')} has other digits than versions 1.5 to 1.9; "
                "install one of these",
            )
    return arrays


def splits() -> Arrays:
    """Return the training and the test split.

    Returns
    -------
    dict
        ``train`` (1,437 samples) and ``test`` (360), each with the images, shape
        (samples, 28, 28), and the labels, shape (samples,), both uint8. The splits are
        stratified by class.
    """
    # Imported here because scikit-learn takes seconds to import.
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    source = load_digits()
    images, labels = resample(source.images.astype(np.uint8)), source.target.astype(np.uint8)
    train, test = train_test_split(
        np.arange(labels.size), test_size=TEST_SAMPLES, random_state=SPLIT_SEED, stratify=labels
    )
    return {"train": (images[train], labels[train]), "test": (images[test], labels[test])}


def resample(images: NDArray[np.uint8]) -> Pixels:
    """Enlarge images bilinearly, R @ image @ R.T, and stretch their grey values to 0..255.

    Parameters
    ----------
    images
        Grey values 0..16, shape (samples, 8, 8).

    Returns
    -------
    ndarray of uint8
        Grey values 0..255, shape (samples, 28, 28), halves rounded up.
    """
    weights, unit = interpolation()
    # Integer arithmetic: a uniform area of half grey is exactly 127.5, which floating point would
    # round up or down by a last bit that differs between BLAS libraries.
    enlarged = weights @ images.astype(np.int64) @ weights.T
    scale = WHITE * unit**2
    return ((2 * 255 * enlarged + scale) // (2 * scale)).astype(np.uint8)


def interpolation() -> tuple[NDArray[np.int64], int]:
    """Return the matrix R of linear interpolation between pixel centres.

    Returns
    -------
    weights : ndarray of int64
        R times `unit`, shape (28, 8); each row has at most two non-zero weights and sums to `unit`.
    unit : int
        Common denominator of R's weights.
    """
    unit = 2 * SIZE
    # Row i has its centre at (i + 1/2) * 8/28 - 1/2 in source rows. Beyond the outermost source
    # centres the edge value is used.
    centres = (2 * np.arange(SIZE) + 1) * SOURCE_SIZE - SIZE
    centres = np.clip(centres, 0, (SOURCE_SIZE - 1) * unit)
    distances = np.abs(centres[:, np.newaxis] - unit * np.arange(SOURCE_SIZE))
    return np.maximum(unit - distances, 0), unit


FORMAT = Format("digits", Digits, lambda entry: (), read)
