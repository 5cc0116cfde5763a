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
from records.values import UNIQUE, Count, Mirrors, Sha256

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
        Mirrors,
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
    """Read one split. Structure is checked before the checksum, because its errors say more."""
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
            f"{paths['labels']}: expected as many labels as {paths['images']} has images, "
            f"found {len(images)} images and {len(labels)} labels"
        )
    if images.shape != shape:
        raise InputError(
            f"{paths['images']}: expected {_times(shape)}, by the keys samples and image of the manifest, "
            f"found {_times(images.shape)}"
        )
    if labels.max() >= entry.classes:
        raise InputError(
            f"{paths['labels']}: expected labels from 0 to {entry.classes - 1}, by the key classes of the manifest, "
            f"found {labels.max()}"
        )
    for kind in KINDS:
        check_content(
            str(paths[kind]),
            contents[kind],
            stored[kind].content_sha256,
            "correct its content_sha256 in the manifest if the archive is its owners', else delete it and run again",
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


UNSIGNED_BYTE = 8
"""Header code of the element type uint8, the only one that image datasets use."""


def parse(content: bytes, dimensions: int, name: str) -> NDArray[np.uint8]:
    """Parse an IDX file of unsigned bytes.

    The header is 0, 0, the element type and the number of dimensions (a byte each), then the
    size of each dimension (big-endian, four bytes each). No memory is allocated by its sizes.

    Parameters
    ----------
    content
        The whole file, uncompressed.
    dimensions
        Required number of dimensions: 3 for images, 1 for labels.
    name
        Name of the file in messages.

    Returns
    -------
    ndarray of uint8
        A read-only view of `content` with `dimensions` axes.

    Raises
    ------
    InputError
        If `content` is not such a file, or its length differs from its header's.
    """
    header = header_bytes(dimensions)
    magic = bytes([0, 0, UNSIGNED_BYTE, dimensions])
    if len(content) < header:
        raise InputError(
            f"{name}: truncated: expected an IDX header of {header} bytes, "
            f"found {len(content)} bytes in all"
        )
    if content[:3] != magic[:3]:
        raise InputError(
            f"{name}: not an IDX file of unsigned bytes: expected the magic number "
            f"0x{magic.hex()}, found 0x{content[:4].hex()}"
        )
    if content[3] != dimensions:
        raise InputError(
            f"{name}: wrong number of dimensions: expected {dimensions}, found {content[3]}"
        )
    shape = tuple(int(size) for size in np.frombuffer(content[4:header], dtype=">u4"))
    sizes = "×".join(map(str, shape))
    if 0 in shape:
        raise InputError(f"{name}: empty: expected at least one element, found {sizes}")
    expected, found = math.prod(shape), len(content) - header
    if found != expected:
        fault = "truncated" if found < expected else "trailing bytes"
        raise InputError(
            f"{name}: {fault}: expected {expected} bytes after the header, which states {sizes}, "
            f"found {found}"
        )
    return np.frombuffer(content, dtype=np.uint8, offset=header).reshape(shape)


def header_bytes(dimensions: int) -> int:
    """Return the length of an IDX header, in bytes."""
    return 4 + 4 * dimensions


def _times(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))


FORMAT = Format("idx", Idx, archives, read)
