"""Example images of each class of a dataset."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import numpy as np

from pnncore.data.dataset import Dataset
from records.errors import InputError

VERSION = 2
"""Version of the record's format."""

IMAGES = 5
"""Number of images of each class."""


def gallery(dataset: Dataset, names: Sequence[str]) -> dict[str, Any]:
    """Return a record of the first training images of each class.

    Parameters
    ----------
    dataset
        The dataset.
    names
        Names of its classes, from class 0 on; if empty, the classes are named by number.

    Returns
    -------
    dict
        Gallery record: see docs/architecture.md.

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
    return {
        "record": "gallery",
        "version": VERSION,
        "dataset": dataset.name,
        "split": "train",
        "image": [height, width],
        "classes": [
            {
                "name": names[label] if names else str(label),
                "images": [_encoded(image) for image in _first(dataset, label)],
            }
            for label in range(dataset.classes)
        ],
    }


def _first(dataset: Dataset, label: int) -> Sequence[Any]:
    positions = np.flatnonzero(dataset.train.labels == label)[:IMAGES]
    return [dataset.train.images[position] for position in positions]


def _encoded(image: np.ndarray[Any, np.dtype[np.uint8]]) -> str:
    """Return the grey values row by row, in Base64."""
    return b64encode(image.tobytes()).decode("ascii")
