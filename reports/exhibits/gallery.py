"""A few images of each class of a dataset, as pictures inside the page."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, Final

from records.kinds.gallery import GalleryRecord
from reports.tables.collections import Found, Member, read_records

GAP: Final = 2
"""Pixels between two images."""

PAPER: Final = 255
"""Grey value of what lies behind the images; theirs are turned round, so that nothing drawn is as light."""


@dataclass(frozen=True)
class Album:
    """The images of a dataset, as a record holds them.

    Attributes
    ----------
    dataset, split
        Where they are from.
    width, height
        Of an image, in pixels.
    classes
        Name and images of each class, from 0 on; an image's grey values row by row.
    """

    dataset: str
    split: str
    width: int
    height: int
    classes: tuple[tuple[str, tuple[bytes, ...]], ...]


@dataclass(frozen=True)
class Strip:
    """The images of a class side by side.

    Attributes
    ----------
    label, name
        Number and name of the class; no name where the number says it.
    count
        How many images there are.
    width, height
        Of the strip, in pixels.
    source
        The picture, as an address that holds all of it.
    """

    label: int
    name: str
    count: int
    width: int
    height: int
    source: str

    @property
    def title(self) -> str:
        """What is written under the images."""
        return f"{self.label}: {self.name}" if self.name else str(self.label)

    @property
    def description(self) -> str:
        """The images in words."""
        called = f", {self.name}" if self.name else ""
        return f"{self.count} images of class {self.label}{called}"


@dataclass(frozen=True)
class Gallery:
    """The images of a dataset, a strip a class."""

    template: ClassVar[str] = "gallery.html.j2"

    dataset: str
    split: str
    strips: tuple[Strip, ...]


def read_albums(paths: Iterable[str | Path]) -> Found[Album]:
    """Read collections of datasets' images."""
    return read_records(paths, GalleryRecord, album_of)


def album_of(member: Member[GalleryRecord]) -> Album:
    """Return the images in the record of a gallery.

    Raises
    ------
    InputError
        If an image is of another size.
    """
    record = member.record
    height, width = record.image
    for label, each in enumerate(record.classes):
        for place, image in enumerate(each.images):
            if len(image) != width * height:
                key = f"classes[{label}].images[{place}]"
                member.fail(key, f"expected {width * height} grey values in Base64")
    classes = tuple((each.name, each.images) for each in record.classes)
    return Album(record.dataset, record.split, width, height, classes)


def gallery(
    used: str,
    albums: Mapping[str, Album],
    datasets: Sequence[Mapping[str, Any]],
) -> Gallery:
    """Show the images of a dataset.

    Parameters
    ----------
    used
        Name of the dataset.
    albums
        The images, by the name of the dataset.
    datasets
        Facts of the datasets (``dataset.json``).

    Returns
    -------
    Gallery
        Without strips, if the images of the dataset could not be had.
    """
    titles = {entry["name"]: entry["title"] for entry in datasets}
    if used not in albums:
        return Gallery(dataset=titles.get(used, used), split="", strips=())
    album = albums[used]
    return Gallery(
        dataset=titles.get(used, used),
        split=album.split,
        strips=tuple(
            _strip(album, label) for label, (_, images) in enumerate(album.classes) if images
        ),
    )


def _strip(album: Album, label: int) -> Strip:
    name, images = album.classes[label]
    gap = bytes([PAPER]) * GAP
    rows = []
    for row in range(album.height):
        here = slice(row * album.width, (row + 1) * album.width)
        parts = [bytes(PAPER - grey for grey in image[here]) for image in images]
        rows.append(gap.join(parts))
    return Strip(
        label=label,
        name="" if name == str(label) else name,
        count=len(images),
        width=len(rows[0]),
        height=album.height,
        source=f"data:image/png;base64,{b64encode(png(rows)).decode('ascii')}",
    )


def png(rows: Sequence[bytes]) -> bytes:
    """Write grey values as a PNG picture.

    Parameters
    ----------
    rows
        The grey values row by row, as many in each.

    Returns
    -------
    bytes
        The file.
    """
    header = struct.pack(">2I5B", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(chain.from_iterable(b"\0" + row for row in rows)), 9)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
