"""Samples for the examination of properties."""

from __future__ import annotations

from pnncore.arrays import Labels, Pixels
from pnncore.data.dataset import Split


def first_samples(split: Split, most: int) -> tuple[Pixels, Labels]:
    """Return the first samples of a split.

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
    images = split.images[:most]
    return images.reshape(len(images), -1), split.labels[:most]
