"""Preparation of datasets: verified arrays and their description."""

from __future__ import annotations

import gzip
import hashlib
import math
import zlib
from collections.abc import Mapping
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from pnncore.arrays import Labels, Pixels
from pnncore.data import digits, idx
from pnncore.data.dataset import VERSION
from records import atomic
from records.errors import InputError
from records.record import as_text

SPLITS = ("train", "test")
KINDS = {"images": 3, "labels": 1}
"""Arrays of a split and their numbers of dimensions."""

Arrays = dict[str, tuple[Pixels, Labels]]
"""Images and labels by split."""


def prepare(name: str, spec: Mapping[str, Any], archives: Path, destination: Path) -> None:
    """Verify a dataset and write it as ``.npy`` arrays with a ``dataset.json``.

    Everything is checked before anything is written. The description is put in place last.

    Parameters
    ----------
    name
        The dataset's name in the manifest.
    spec
        The dataset's entry in the manifest, valid under its schema.
    archives
        Folder of the downloaded archives; the format ``digits`` has none.
    destination
        Folder for ``{train,test}-images.npy``, shape (samples, height, width),
        ``{train,test}-labels.npy``, shape (samples,), both uint8, and ``dataset.json``.

    Raises
    ------
    InputError
        If an archive is missing, damaged or differs from the manifest, or a file cannot be
        written.
    """
    arrays = _from_digits(name, spec) if spec["format"] == "digits" else _from_idx(spec, archives)
    _write(arrays, _description(name, spec, arrays), destination)


def _from_idx(spec: Mapping[str, Any], archives: Path) -> Arrays:
    """Read and check the archives of a dataset in IDX format."""
    return {split: _read_split(spec, split, archives) for split in SPLITS}


def _read_split(spec: Mapping[str, Any], split: str, archives: Path) -> tuple[Pixels, Labels]:
    """Read one split. Structure is checked before the checksum, because its errors say more."""
    stated = spec["splits"][split]
    shape = (stated["samples"], spec["image"]["height"], spec["image"]["width"])
    paths = {kind: archives / stated[kind]["file"] for kind in KINDS}
    contents = {
        kind: unpack(paths[kind], idx.header_bytes(axes) + math.prod(shape[:axes]))
        for kind, axes in KINDS.items()
    }
    images, labels = (
        idx.parse(contents[kind], axes, str(paths[kind])) for kind, axes in KINDS.items()
    )
    if len(images) != len(labels):
        raise InputError(
            f"{paths['labels']}: expected as many labels as {paths['images']} has images, "
            f"found {len(images)} images and {len(labels)} labels"
        )
    if images.shape != shape:
        raise InputError(
            f"{paths['images']}: wrong shape: expected {_times(shape)}, "
            f"found {_times(images.shape)}"
        )
    if labels.max() >= spec["classes"]:
        raise InputError(
            f"{paths['labels']}: label out of range: expected 0 to {spec['classes'] - 1}, "
            f"found {labels.max()}"
        )
    for kind in KINDS:
        _check_content(
            str(paths[kind]),
            contents[kind],
            stated[kind]["content_sha256"],
            "delete it and fetch it again",
        )
    return images, labels


def unpack(path: Path, expected: int) -> bytes:
    """Decompress a gzip file of a known size.

    Parameters
    ----------
    path
        The file.
    expected
        Its decompressed size in bytes. Up to twice as much is read: enough for a precise error
        about a wrong file, too little for a hostile one to exhaust the memory.

    Returns
    -------
    bytes
        Its content, at most ``2 * expected`` bytes.

    Raises
    ------
    InputError
        If the file is missing, damaged or larger.
    """
    limit = 2 * expected
    try:
        with gzip.open(path) as stream:
            content = stream.read(limit + 1)
    except FileNotFoundError:
        raise InputError(f"{path}: missing: expected an archive; fetch it first") from None
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"{path}: damaged: expected a complete gzip file of {expected} bytes when decompressed, "
            f"found “{error}”; delete it and fetch it again"
        ) from error
    if len(content) > limit:
        raise InputError(
            f"{path}: too large: expected {expected} bytes when decompressed, "
            f"found more than {limit}; delete it and fetch it again"
        )
    return content


def _from_digits(name: str, spec: Mapping[str, Any]) -> Arrays:
    """Return the splits of scikit-learn's digits, checked against the manifest."""
    arrays = digits.splits()
    for split in SPLITS:
        images, labels = arrays[split]
        found = {
            f"splits.{split}.samples": (spec["splits"][split]["samples"], len(labels)),
            "image.height": (spec["image"]["height"], images.shape[1]),
            "image.width": (spec["image"]["width"], images.shape[2]),
            "classes": (spec["classes"], int(labels.max()) + 1),
        }
        for key, (stated, right) in found.items():
            if stated != right:
                raise InputError(
                    f"{name}: {key}: the manifest says {stated}; scikit-learn's digits have {right}"
                )
        for kind, array in zip(KINDS, arrays[split], strict=True):
            _check_content(
                f"{name}: {split} {kind}",
                array.tobytes(),
                spec["splits"][split][kind]["content_sha256"],
                f"scikit-learn {version('scikit-learn')} has other digits than versions 1.5 to 1.9; "
                "install one of these",
            )
    return arrays


def _check_content(what: str, content: bytes, expected: str, remedy: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise InputError(
            f"{what}: content differs from the manifest: expected SHA-256 {expected}, "
            f"found {found}; {remedy}"
        )


def _description(name: str, spec: Mapping[str, Any], arrays: Arrays) -> dict[str, Any]:
    """Return the dataset record, which `pnncore.data.dataset` checks and the report quotes."""
    return {
        "record": "dataset",
        "version": VERSION,
        "name": name,
        "format": spec["format"],
        "classes": spec["classes"],
        "image": [spec["image"]["height"], spec["image"]["width"]],
        "splits": {
            split: {
                "samples": len(labels),
                "images_sha256": hashlib.sha256(images.tobytes()).hexdigest(),
                "labels_sha256": hashlib.sha256(labels.tobytes()).hexdigest(),
                # Of an archive: of its decompressed content, including the header.
                "content_sha256": {
                    kind: spec["splits"][split][kind]["content_sha256"] for kind in KINDS
                },
                "pixel_values": len(np.unique(images)),
                "class_counts": np.bincount(labels, minlength=spec["classes"]).tolist(),
            }
            for split, (images, labels) in arrays.items()
        },
    }


def _write(arrays: Arrays, description: dict[str, Any], destination: Path) -> None:
    """Write all files or none. They are renamed in reverse order, so the description comes last."""
    with ExitStack() as stack:
        stream = stack.enter_context(atomic.writing(destination / "dataset.json"))
        stream.write(as_text(description).encode())
        stream.flush()
        for split in SPLITS:
            for kind, array in zip(KINDS, arrays[split], strict=True):
                stream = stack.enter_context(atomic.writing(destination / f"{split}-{kind}.npy"))
                np.save(stream, array)
                stream.flush()


def _times(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))
