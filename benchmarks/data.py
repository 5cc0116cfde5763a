"""Samples that all candidates are timed on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from pnncore.arrays import Floats, Indices, Labels, Pixels
from pnncore.data.dataset import load

SAMPLES = 60_000
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
        Grey values, shape (60,000, 784).
    labels
        Classes, shape (60,000,).
    order
        A random order of the samples.
    """

    name: str
    pixels: Pixels
    labels: Labels
    order: Indices

    def scaled(self, count: int = SAMPLES) -> tuple[Floats, Indices]:
        """Return the first `count` inputs and classes in that order, converted for the peers."""
        first = self.order[:count]
        return self.pixels[first].astype(np.float32) / 255, self.labels[first].astype(np.int64)


def folder(dataset: str) -> Path:
    """Return the folder where the pipeline prepares a dataset."""
    return Path("resources/datasets") / dataset


def is_prepared(dataset: str) -> bool:
    return (folder(dataset) / "dataset.json").exists()


@cache
def samples(dataset: str) -> Samples:
    """Return a prepared dataset, or as many made-up samples with the same share of zeros."""
    order = np.random.default_rng(1).permutation(SAMPLES)
    if is_prepared(dataset):
        train = load(folder(dataset)).train
        pixels = np.array(train.images).reshape(SAMPLES, -1)
        return Samples(dataset, pixels, np.array(train.labels), order)
    rng = np.random.default_rng(0)
    pixels = rng.integers(1, 256, (SAMPLES, SIDE**2), dtype=np.uint8)
    pixels[rng.random(pixels.shape, dtype=np.float32) < ZEROS[dataset]] = 0
    labels = rng.integers(0, CLASSES, SAMPLES).astype(np.uint8)
    name = f"made up in place of {dataset}, {ZEROS[dataset]:.0%} zeros"
    return Samples(name, pixels, labels, order)
