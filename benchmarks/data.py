"""Samples that all candidates are timed on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from pnncore.arrays import Floats, Indices, Labels, Pixels
from pnncore.data.dataset import load

CLASSES = 10
SIDE = 28
ZEROS = {"mnist": 0.81, "fashion-mnist": 0.50}
"""Share of zero pixels of each dataset. Our loops skip zeros, so made-up samples have the same share."""


@dataclass(frozen=True, eq=False)
class Samples:
    """An epoch's samples.

    Attributes
    ----------
    name
        The dataset, or a note that the samples are made up.
    pixels
        Grey values, shape (samples, 784).
    labels
        Classes, shape (samples,).
    order
        A random order of the samples.
    """

    name: str
    pixels: Pixels
    labels: Labels
    order: Indices

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.labels)

    def first(self, count: int) -> Samples:
        """Return the first samples."""
        return replace(self, pixels=self.pixels[:count], labels=self.labels[:count])

    def repeated(self, times: int) -> Samples:
        """Return the samples several times over."""
        pixels, labels = np.tile(self.pixels, (times, 1)), np.tile(self.labels, times)
        order = np.random.default_rng(1).permutation(len(labels))
        return replace(self, pixels=pixels, labels=labels, order=order)

    def scaled(self, count: int | None = None) -> tuple[Floats, Indices]:
        """Return the first `count` inputs and classes, or all, in that order, converted for the peers."""
        first = self.order[:count]
        return self.pixels[first].astype(np.float32) / 255, self.labels[first].astype(np.int64)


def folder(dataset: str) -> Path:
    """Return the folder where the pipeline prepares a dataset."""
    return Path("resources/datasets") / dataset


def is_prepared(dataset: str) -> bool:
    return (folder(dataset) / "dataset.json").exists()


@cache
def samples(dataset: str, count: int) -> Samples:
    """Return the first samples of a prepared dataset, or made-up ones with the same share of zeros."""
    order = np.random.default_rng(1).permutation(count)
    if is_prepared(dataset):
        train = load(folder(dataset)).train
        pixels = np.array(train.images[:count]).reshape(count, -1)
        return Samples(dataset, pixels, np.array(train.labels[:count]), order)
    rng = np.random.default_rng(0)
    pixels = rng.integers(1, 256, (count, SIDE**2), dtype=np.uint8)
    pixels[rng.random(pixels.shape, dtype=np.float32) < ZEROS[dataset]] = 0
    labels = rng.integers(0, CLASSES, count).astype(np.uint8)
    name = f"made up in place of {dataset}, {ZEROS[dataset]:.0%} zeros"
    return Samples(name, pixels, labels, order)
