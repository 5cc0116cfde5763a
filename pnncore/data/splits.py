"""The samples of a run: what its networks are trained on, and what they are tested on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pnncore.data.dataset import Dataset, Split
from records.errors import InputError
from records.samples import Samples


def splits_of(dataset: Dataset, samples: Samples, seed: int) -> tuple[Split, Split]:
    """Return the training and the test samples of a run.

    Parameters
    ----------
    dataset
        The dataset.
    samples
        Which of its samples are used.
    seed
        Seed of the run, which says which fold is its own.

    Raises
    ------
    InputError
        If there are fewer than are asked for, or none to test on.
    """
    train, test = _first(dataset.train, samples.train, "train"), dataset.test
    if samples.tested_on == "rest":
        test = _part(dataset.train, slice(len(train.labels), None))
    elif samples.tested_on == "fold":
        fold = np.arange(len(train.labels)) * samples.folds // len(train.labels)
        own = fold == seed % samples.folds
        train, test = _part(train, ~own), _part(train, own)
    if not len(train.labels) or not len(test.labels):
        cure = "fewer folds" if samples.tested_on == "fold" else "fewer for training"
        raise InputError(
            f"samples: with tested_on: {samples.tested_on}, {len(train.labels)} training samples are left to train on "
            f"and {len(test.labels)} to test on; take {cure}"
        )
    return train, _first(test, samples.test, "test")


def _first(split: Split, count: int | None, name: str) -> Split:
    if count is not None and count > len(split.labels):
        raise InputError(
            f"samples.{name}: expected at most {len(split.labels)}, the number of samples, got {count}; "
            "null takes all"
        )
    return _part(split, slice(count))


def _part(split: Split, which: slice | NDArray[Any]) -> Split:
    return Split(split.images[which], split.labels[which])
