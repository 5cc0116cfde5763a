"""Datasets made ready to train on: verified arrays, and a description of them."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from pnncore.cost import spent
from pnncore.data.format import FORMATS, SPLITS, Arrays
from records import atomic
from records.dataset import Dataset
from records.kinds.dataset import DatasetRecord, SplitDescription, SplitDescriptions
from records.record import as_text


def prepare(name: str, entry: Dataset, archives: Path, destination: Path) -> None:
    """Verify a dataset and write it as ``.npy`` arrays with a ``dataset.json``.

    Everything is checked before anything is written, and all files appear together, the
    description last.

    Parameters
    ----------
    name
        The dataset's name in the manifest.
    entry
        The dataset's entry in the manifest.
    archives
        The folder of the downloaded archives, of formats that have any.
    destination
        The folder to write ``{train,test}-images.npy``, shape (samples, height, width),
        ``{train,test}-labels.npy``, shape (samples,), both uint8, and ``dataset.json`` to.

    Raises
    ------
    InputError
        If an archive is missing, damaged or not what the manifest states, or a file cannot be
        written.
    """
    arrays = FORMATS.named(entry.format_name).read(name, entry, archives)
    _write(arrays, _description(name, entry, arrays), destination)


def _description(name: str, entry: Dataset, arrays: Arrays) -> DatasetRecord:
    """Return the dataset record, which `pnncore.data.dataset` checks and the report quotes."""
    splits = {
        split: SplitDescription(
            samples=len(labels),
            images_sha256=hashlib.sha256(images.tobytes()).hexdigest(),
            labels_sha256=hashlib.sha256(labels.tobytes()).hexdigest(),
            content_sha256=getattr(entry.content, split),
            pixel_values=len(np.unique(images)),
            class_counts=tuple(np.bincount(labels, minlength=entry.classes).tolist()),
        )
        for split, (images, labels) in arrays.items()
    }
    return DatasetRecord(
        name=name,
        format=entry.format_name,
        classes=entry.classes,
        image=(entry.image.height, entry.image.width),
        splits=SplitDescriptions(**splits),
        cost=spent(),
    )


def _write(arrays: Arrays, description: DatasetRecord, destination: Path) -> None:
    """Write all files or none; they take their places in reverse order, the description last."""
    with ExitStack() as stack:
        stream = stack.enter_context(atomic.writing(destination / "dataset.json"))
        stream.write(as_text(description).encode())
        stream.flush()
        for split in SPLITS:
            for kind, array in zip(("images", "labels"), arrays[split], strict=True):
                stream = stack.enter_context(atomic.writing(destination / f"{split}-{kind}.npy"))
                np.save(stream, array)
                stream.flush()
