"""Prepared datasets, memory-mapped from disk."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tokenize import TokenError

import numpy as np
from numpy.lib.format import open_memmap

from pnncore.arrays import Labels, Pixels
from records.errors import InputError
from records.job import Content
from records.kinds.dataset import DatasetRecord
from records.record import read_record


@dataclass(frozen=True, eq=False)
class Split:
    """Images and their classes, read-only: loops are compiled for one kind of arrays.

    Attributes
    ----------
    images : ndarray of uint8
        Grey values 0..255, shape (samples, height, width).
    labels : ndarray of uint8
        Classes 0..classes-1, shape (samples,).
    """

    images: Pixels
    labels: Labels

    def __post_init__(self) -> None:
        for array in (self.images, self.labels):
            array.setflags(write=False)

    @property
    def pixels(self) -> Pixels:
        """Grey values, shape (samples, pixels), uint8, read-only."""
        return self.images.reshape(len(self.images), -1)


@dataclass(frozen=True, eq=False)
class Dataset:
    """A training and a test split.

    The arrays that `load` returns are memory maps. Joblib passes these to worker processes by
    file name, so all processes share one copy of the data.

    Attributes
    ----------
    name : str
        The dataset's name in the manifest.
    classes : int
        Number of classes.
    train, test : Split
        Training and test samples.
    """

    name: str
    classes: int
    train: Split
    test: Split


def content(folder: Path) -> Content:
    """Return the classes and checksums of a prepared dataset, which identify it in records.

    Raises
    ------
    InputError
        If it is not prepared.
    """
    described = _described(folder)
    train, test = described.splits.train, described.splits.test
    return Content(described.classes, train.content_sha256, test.content_sha256)


def check(folder: Path, expected: Content) -> None:
    """Check every byte of a prepared dataset against its entry in the manifest.

    Parameters
    ----------
    folder
        Folder of the prepared dataset.
    expected
        What it must hold.

    Raises
    ------
    InputError
        If it is missing or differs.
    """
    found = content(folder)
    for name in ("train", "test"):
        for kind, checksum in getattr(expected, name).items():
            if getattr(found, name)[kind] != checksum:
                path = folder / f"{name}-{kind}.npy"
                raise _fault(path, f"the manifest's SHA-256 {checksum}", getattr(found, name)[kind])
    load(folder)


def load(folder: Path) -> Dataset:
    """Map a prepared dataset read-only, and check it against its ``dataset.json``.

    Parameters
    ----------
    folder
        Folder that `pnncore.data.prepare` wrote.

    Returns
    -------
    Dataset
        With `numpy.memmap` arrays.

    Raises
    ------
    InputError
        If a file is missing, or differs from ``dataset.json``.
    """
    described = _described(folder)
    return Dataset(
        name=described.name,
        classes=described.classes,
        train=_map_split(folder, "train", described),
        test=_map_split(folder, "test", described),
    )


def _described(folder: Path) -> DatasetRecord:
    return read_record(folder / "dataset.json", DatasetRecord)


def _map_split(folder: Path, name: str, described: DatasetRecord) -> Split:
    """Map one split, and check every byte of it against the description."""
    classes, split = described.classes, getattr(described.splits, name)
    images_path, labels_path = (folder / f"{name}-{kind}.npy" for kind in ("images", "labels"))
    images = _map_array(images_path, (split.samples, *described.image))
    labels = _map_array(labels_path, (split.samples,))
    if (largest := labels.max(initial=0)) >= classes:
        raise _fault(labels_path, f"labels from 0 to {classes - 1}", f"label {largest}")
    for kind, path, array in (("images", images_path, images), ("labels", labels_path, labels)):
        expected = getattr(split, f"{kind}_sha256")
        if (found := sha256(array.data).hexdigest()) != expected:
            raise _fault(path, f"SHA-256 {expected}", found)
    return Split(images, labels)


def _map_array(path: Path, shape: tuple[int, ...]) -> Pixels:
    """Map an ``.npy`` file, and check that it is uint8 of this shape in C order."""
    expected = f"uint8 {shape}"
    try:
        array = open_memmap(path, mode="r")  # unlike np.load, reads no pickle and no archive
    except (
        OSError,
        ValueError,
        SyntaxError,
        TokenError,
    ) as error:  # NumPy parses the header as Python
        raise _fault(path, expected, _reason(error)) from error
    if array.dtype != np.uint8 or array.shape != shape or not array.flags.c_contiguous:
        order = "" if array.flags.c_contiguous else ", in Fortran order"
        raise _fault(path, expected, f"{array.dtype} {array.shape}{order}")
    if (size := path.stat().st_size) != array.offset + array.nbytes:
        raise _fault(path, f"{array.offset + array.nbytes} bytes", f"{size}")
    return array


def _reason(error: Exception) -> str:
    return f"“{getattr(error, 'strerror', None) or error}”"


def _fault(path: Path, expected: str, found: str) -> InputError:
    return InputError(
        f"{path}: not an array of a prepared dataset: expected {expected}, "
        f"found {' '.join(found.split())}; delete {path.parent} and prepare the dataset again"
    )
