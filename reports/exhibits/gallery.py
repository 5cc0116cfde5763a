"""A few images of each class of a dataset, as pictures beside the pages."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    file
        The picture's name in the site.
    content
        The picture, a PNG file.
    """

    label: int
    name: str
    count: int
    width: int
    height: int
    file: str
    content: bytes

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


def read_albums(paths: Iterable[str | Path]) -> Found[GalleryRecord]:
    """Read collections of datasets' images."""
    return read_records(paths, GalleryRecord, _checked)


def _checked(member: Member[GalleryRecord]) -> GalleryRecord:
    """Refuse a record with an image of another size."""
    record = member.record
    height, width = record.image
    for label, each in enumerate(record.classes):
        for place, image in enumerate(each.images):
            if len(image) != width * height:
                key = f"classes[{label}].images[{place}]"
                member.fail(key, f"expected {width * height} grey values in Base64")
    return record


def gallery(
    used: str,
    albums: Mapping[str, GalleryRecord],
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
        strips=tuple(strips(album)),
    )


def strips(album: GalleryRecord) -> Iterator[Strip]:
    """Yield the images of each class that has any."""
    for label, each in enumerate(album.classes):
        if each.images:
            yield _strip(album, label)


def _strip(album: GalleryRecord, label: int) -> Strip:
    name, images = album.classes[label].name, album.classes[label].images
    height, width = album.image
    gap = bytes([PAPER]) * GAP
    rows = []
    for row in range(height):
        here = slice(row * width, (row + 1) * width)
        parts = [bytes(PAPER - grey for grey in image[here]) for image in images]
        rows.append(gap.join(parts))
    return Strip(
        label=label,
        name="" if name == str(label) else name,
        count=len(images),
        width=len(rows[0]),
        height=height,
        file=f"images/{album.dataset}-{label}.png",
        content=png(rows),
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
