"""Prepared datasets, mapped from disk rather than read into memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap

from pnncore.arrays import Labels, Pixels
from records.errors import InputError
from records.job import Content
from records.record import Record, read_record

VERSION = 3
"""Version of what is prepared; another one prepares every dataset anew."""


@dataclass(frozen=True, eq=False)
class Split:
    """Images and their classes.

    Attributes
    ----------
    images : ndarray of uint8
        Grey values 0..255, shape (samples, height, width).
    labels : ndarray of uint8
        Classes 0..classes-1, shape (samples,).
    """

    images: Pixels
    labels: Labels


@dataclass(frozen=True, eq=False)
class Dataset:
    """A training and a test split.

    Loaded by `load`, its arrays are memory maps, which joblib sends to worker processes by file
    name: all of them share one copy of the data.

    Attributes
    ----------
    name : str
        The dataset's name in the manifest.
    classes : int
        How many classes there are.
    train, test : Split
        What to train on, and what to test on.
    """

    name: str
    classes: int
    train: Split
    test: Split


def content(folder: Path) -> Content:
    """Return what a prepared dataset holds, by checksums: what numbers that are made of it depend on.

    Raises
    ------
    InputError
        If it was not prepared.
    """
    described = _described(folder)
    checksums = {name: split["content_sha256"] for name, split in described["splits"].items()}
    return Content(described["classes"], **checksums)


def check(folder: Path, expected: Content) -> None:
    """Check, to the last byte, that a prepared dataset is what the manifest says.

    Parameters
    ----------
    folder
        Where it was prepared.
    expected
        What it must hold.

    Raises
    ------
    InputError
        If it is missing or different.
    """
    found = content(folder)
    for name in ("train", "test"):
        for kind, checksum in getattr(expected, name).items():
            if getattr(found, name)[kind] != checksum:
                path = folder / f"{name}-{kind}.npy"
                raise _fault(path, f"SHA-256 {checksum} in the manifest", "another")
    load(folder)


def load(folder: Path) -> Dataset:
    """Map a prepared dataset, read-only.

    Parameters
    ----------
    folder
        Where `pnncore.data.prepare` wrote it.

    Returns
    -------
    Dataset
        With `numpy.memmap` arrays.

    Raises
    ------
    InputError
        If a file is missing, or is not what ``dataset.json`` says.
    """
    described = _described(folder)
    try:
        return Dataset(
            name=described["name"],
            classes=described["classes"],
            train=_split(folder, "train", described),
            test=_split(folder, "test", described),
        )
    except TypeError as error:
        what = "what `pnncore prepare` writes"
        raise _fault(folder / "dataset.json", what, f"“{error!r}”") from error


def _described(folder: Path) -> Record:
    return read_record(folder / "dataset.json", "dataset", VERSION)


def _split(folder: Path, name: str, described: dict[str, Any]) -> Split:
    """Map one split and check it, to the last byte, against the description."""
    classes = described["classes"]
    images_path, labels_path = (folder / f"{name}-{kind}.npy" for kind in ("images", "labels"))
    images = _mapped(images_path, _shape(described, name, "images"))
    labels = _mapped(labels_path, _shape(described, name, "labels"))
    if (largest := labels.max(initial=0)) >= classes:
        raise _fault(labels_path, f"labels 0 to {classes - 1}", f"a label {largest}")
    for kind, path, array in (("images", images_path, images), ("labels", labels_path, labels)):
        expected = described["splits"][name][f"{kind}_sha256"]
        if (found := sha256(array.data).hexdigest()) != expected:
            raise _fault(path, f"SHA-256 {expected}", found)
    return Split(images, labels)


def _shape(described: Mapping[str, Any], name: str, kind: str) -> tuple[int, ...]:
    samples = described["splits"][name]["samples"]
    return (samples, *described["image"]) if kind == "images" else (samples,)


def _mapped(path: Path, shape: tuple[int, ...]) -> Pixels:
    """Map an ``.npy`` file of uint8 and this shape."""
    expected = f"uint8 {shape}"
    try:
        array = open_memmap(path, mode="r")  # as np.load, but never a pickle nor an archive
    except (OSError, ValueError, SyntaxError, TokenError) as error:  # a header is read as Python
        raise _fault(path, expected, _reason(error)) from error
    if array.dtype != np.uint8 or array.shape != shape or not array.flags.c_contiguous:
        order = "" if array.flags.c_contiguous else ", by columns"
        raise _fault(path, expected, f"{array.dtype} {array.shape}{order}")
    if (size := path.stat().st_size) != array.offset + array.nbytes:
        raise _fault(path, f"{array.offset + array.nbytes} bytes", f"{size}")
    return array


def _reason(error: Exception) -> str:
    return f"“{getattr(error, 'strerror', None) or error}”"


def _fault(path: Path, expected: str, found: str) -> InputError:
    return InputError(
        f"{path} is not part of a prepared dataset: expected {expected}, "
        f"found {' '.join(found.split())}; delete {path.parent} and prepare the dataset again"
    )
