"""The IDX format of MNIST and its relatives: gzipped archives of a short header, then bytes."""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path
from typing import Annotated, Final

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from pnncore.arrays import Labels, Pixels
from pnncore.data.archive import Archive
from pnncore.data.format import Arrays, Format, check_content
from records.dataset import Array, Dataset, Split, Splits
from records.errors import InputError
from records.values import UNIQUE, Count, Sha256

KINDS: Final = {"images": 3, "labels": 1}
"""The archives of a split and their numbers of dimensions."""


class IdxArchive(Array, frozen=True):
    """An archive, as downloaded."""

    file: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z",
            examples=["train-images-idx3-ubyte.gz"],
            description="Its name, the same at every mirror.",
        ),
    ]
    bytes: Annotated[Count, Meta(description="Its size as downloaded.")]
    sha256: Annotated[Sha256, Meta(description="SHA-256 of the archive as downloaded.")]


class IdxSplit(Split, frozen=True):
    """A training or a test set."""

    images: Annotated[IdxArchive, Meta(description="The archive of the images, three dimensions.")]
    labels: Annotated[IdxArchive, Meta(description="The archive of the labels, one dimension.")]


class IdxSplits(Splits, frozen=True):
    """The training and the test set."""

    train: Annotated[IdxSplit, Meta(description="The training set.")]
    test: Annotated[IdxSplit, Meta(description="The test set.")]


class Idx(Dataset, frozen=True, kw_only=True, tag="idx"):
    """A dataset of gzipped IDX archives, to be downloaded."""

    mirrors: Annotated[
        tuple[
            Annotated[
                str,
                Meta(
                    max_length=2000,
                    pattern=r"^https://.+/\Z",
                    examples=["https://example.org/mnist/"],
                    description="An HTTPS address that ends with a slash.",
                ),
            ],
            ...,
        ],
        Meta(
            min_length=1,
            extra_json_schema=UNIQUE,
            description="Addresses of folders that hold the archives, tried in this order; HTTPS only.",
        ),
    ]
    splits: Annotated[IdxSplits, Meta(description="The training and the test set.")]


def archives(entry: Idx) -> list[Archive]:
    """List the archives of a dataset."""
    return [
        Archive(stored.file, stored.bytes, stored.sha256, entry.mirrors)
        for split in (entry.splits.train, entry.splits.test)
        for stored in (split.images, split.labels)
    ]


def read(name: str, entry: Idx, folder: Path) -> Arrays:
    """Read and check the archives of a dataset.

    Raises
    ------
    InputError
        If one is missing, damaged, or not what the entry states.
    """
    return {
        "train": _read_split(entry, entry.splits.train, folder),
        "test": _read_split(entry, entry.splits.test, folder),
    }


def _read_split(entry: Idx, stated: IdxSplit, archives: Path) -> tuple[Pixels, Labels]:
    """Read one split; structure is checked before content, whose hash says only that it differs."""
    shape = (stated.samples, entry.image.height, entry.image.width)
    stored = {"images": stated.images, "labels": stated.labels}
    paths = {kind: archives / archive.file for kind, archive in stored.items()}
    contents = {
        kind: unpack(paths[kind], header_bytes(axes) + math.prod(shape[:axes]))
        for kind, axes in KINDS.items()
    }
    images, labels = (parse(contents[kind], axes, str(paths[kind])) for kind, axes in KINDS.items())
    if len(images) != len(labels):
        raise InputError(
            f"{paths['images']} and {paths['labels']} do not belong together: expected as many "
            f"labels as images, found {len(images)} images and {len(labels)} labels"
        )
    if images.shape != shape:
        raise InputError(
            f"{paths['images']} has the wrong shape: expected {_times(shape)}, "
            f"found {_times(images.shape)}"
        )
    if labels.max() >= entry.classes:
        raise InputError(
            f"{paths['labels']} has a label out of range: expected 0 to {entry.classes - 1}, "
            f"found {labels.max()}"
        )
    for kind in KINDS:
        check_content(
            str(paths[kind]),
            contents[kind],
            stored[kind].content_sha256,
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
        Its size in bytes when decompressed. Up to twice as much is read, enough to say precisely
        what is wrong with a file, and too little for a hostile one to fill the memory.

    Returns
    -------
    bytes
        Its content, of any size up to ``2 * expected``.

    Raises
    ------
    InputError
        If the file is missing, damaged or larger than that.
    """
    limit = 2 * expected
    try:
        with gzip.open(path) as stream:
            content = stream.read(limit + 1)
    except FileNotFoundError:
        raise InputError(f"{path} is missing: expected an archive there; fetch it first") from None
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"{path} is damaged: expected a whole gzip file of {expected} bytes when decompressed, "
            f"found “{error}”; delete it and fetch it again"
        ) from error
    if len(content) > limit:
        raise InputError(
            f"{path} is too large: expected {expected} bytes when decompressed, "
            f"found more than {limit}; delete it and fetch it again"
        )
    return content


UNSIGNED_BYTE = 8
"""The header's code for elements of type uint8, the only one that image datasets use."""


def parse(content: bytes, dimensions: int, name: str) -> NDArray[np.uint8]:
    """Read an IDX file of unsigned bytes.

    The header is 0, 0, the element type and the number of dimensions (a byte each), then the
    size of each dimension (big-endian, four bytes each). Nothing is allocated on its word.

    Parameters
    ----------
    content
        The whole file, uncompressed.
    dimensions
        How many dimensions it must have: 3 for images, 1 for labels.
    name
        What messages call the file.

    Returns
    -------
    ndarray of uint8
        A read-only view of `content` with `dimensions` axes.

    Raises
    ------
    InputError
        If `content` is not such a file, or its length is not the one that its header states.
    """
    header = header_bytes(dimensions)
    magic = bytes([0, 0, UNSIGNED_BYTE, dimensions])
    if len(content) < header:
        raise InputError(
            f"{name} is truncated: expected an IDX header of {header} bytes, "
            f"found {len(content)} bytes in all"
        )
    if content[:3] != magic[:3]:
        raise InputError(
            f"{name} is not an IDX file of unsigned bytes: expected the magic number "
            f"0x{magic.hex()}, found 0x{content[:4].hex()}"
        )
    if content[3] != dimensions:
        raise InputError(
            f"{name} has the wrong number of dimensions: expected {dimensions}, found {content[3]}"
        )
    shape = tuple(int(size) for size in np.frombuffer(content[4:header], dtype=">u4"))
    written = "×".join(map(str, shape))
    if 0 in shape:
        raise InputError(f"{name} is empty: expected at least one element, found {written}")
    expected, found = math.prod(shape), len(content) - header
    if found != expected:
        fault = "is truncated" if found < expected else "has trailing bytes"
        raise InputError(
            f"{name} {fault}: expected {expected} bytes after the header, which states {written}, "
            f"found {found}"
        )
    return np.frombuffer(content, dtype=np.uint8, offset=header).reshape(shape)


def header_bytes(dimensions: int) -> int:
    """Return the length of an IDX header for that many dimensions."""
    return 4 + 4 * dimensions


def _times(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))


FORMAT = Format("idx", Idx, archives, read)
