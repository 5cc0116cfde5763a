"""Samples for the examination of properties."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Labels, Pixels
from pnncore.data.dataset import Split


def first_samples(split: Split, most: int) -> tuple[Pixels, Labels]:
    """Return the first samples of a split, read into memory.

    Parameters
    ----------
    split
        The split.
    most
        Largest number of samples.

    Returns
    -------
    ndarray, ndarray
        Pixels, shape (samples, pixels), and classes, shape (samples,).
    """
    images = np.array(split.images[:most])
    return images.reshape(len(images), -1), np.array(split.labels[:most])
