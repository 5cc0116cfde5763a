"""Example images of each class of a dataset."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pnncore.data.dataset import Dataset
from records.errors import InputError
from records.kinds.gallery import ClassImages, GalleryRecord

IMAGES = 5
"""Number of images of each class."""


def gallery(dataset: Dataset, names: Sequence[str]) -> GalleryRecord:
    """Return a record of the first training images of each class.

    Parameters
    ----------
    dataset
        The dataset.
    names
        Names of its classes, from class 0 on; if empty, the classes are named by number.

    Raises
    ------
    InputError
        If the number of names is neither 0 nor the number of classes.
    """
    if len(names) not in (0, dataset.classes):
        raise InputError(
            f"--names: {len(names)} names for {dataset.classes} classes; give one for each class, or none"
        )
    height, width = dataset.train.images.shape[1:]
    return GalleryRecord(
        dataset=dataset.name,
        split="train",
        image=(height, width),
        classes=tuple(
            ClassImages(name=names[label] if names else str(label), images=_first(dataset, label))
            for label in range(dataset.classes)
        ),
    )


def _first(dataset: Dataset, label: int) -> tuple[bytes, ...]:
    """Return the grey values, row by row, of a class's first images."""
    positions = np.flatnonzero(dataset.train.labels == label)[:IMAGES]
    return tuple(dataset.train.images[position].tobytes() for position in positions)
