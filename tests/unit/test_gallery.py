"""Images of a dataset, on their way from its arrays to the page."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import synthetic_site
from msgspec import to_builtins
from networks import make_dataset
from records_factory import blamed, failure, only_failure, whole, write_collection

from pnncore.data.class_images import IMAGES
from pnncore.data.class_images import gallery as pick
from pnncore.data.dataset import Dataset
from records.errors import InputError
from records.kinds.gallery import ClassImages, GalleryRecord
from reports.exhibits.gallery import GAP, gallery, png, read_albums
from reports.tables.collections import Found

SIDE = 28


def read(folder: Path, record: Any) -> Found[GalleryRecord]:
    return read_albums([write_collection(folder / "images.json", "gallery", to_builtins(record))])


def decoded(picture: bytes) -> np.ndarray:
    """Read a picture back: its grey values, shape (height, width)."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, place = {}, 8
    while place < len(picture):
        (length,) = struct.unpack(">I", picture[place : place + 4])
        kind, content = picture[place + 4 : place + 8], picture[place + 8 : place + 8 + length]
        (check,) = struct.unpack(">I", picture[place + 8 + length : place + 12 + length])
        assert check == zlib.crc32(kind + content)
        chunks[kind] = content
        place += 12 + length
    width, height, depth, colour = struct.unpack(">2I2B", chunks[b"IHDR"][:10])
    assert (depth, colour) == (8, 0)
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    return rows[:, 1:]


def dataset() -> Dataset:
    return make_dataset()


def test_the_first_images_of_each_class_reach_the_page(tmp_path: Path) -> None:
    data = dataset()
    names = [f"class {label}" for label in range(data.classes)]
    (album,) = whole(read(tmp_path, pick(data, names)))
    assert (album.dataset, album.split) == (data.name, "train")
    _, width = album.image
    shown = gallery(data.name, {data.name: album}, [])
    assert [strip.title for strip in shown.strips] == [
        f"{label}: class {label}" for label in range(data.classes)
    ]
    for strip in shown.strips:
        positions = np.flatnonzero(data.train.labels == strip.label)[:IMAGES]
        assert strip.count == len(positions)
        picture = decoded(strip.content)
        assert picture.shape == (strip.height, strip.width)
        for place, position in enumerate(positions):
            left = place * (width + GAP)
            seen = picture[:, left : left + width]
            # High grey values are dark.
            assert (seen == 255 - data.train.images[position]).all()


def test_numbers_say_what_classes_without_names_are(tmp_path: Path) -> None:
    data = dataset()
    (album,) = whole(read(tmp_path, pick(data, [])))
    shown = gallery(data.name, {data.name: album}, [])
    assert [strip.title for strip in shown.strips] == [str(n) for n in range(data.classes)]
    assert shown.strips[1].description.endswith("images of class 1")


def test_there_is_a_name_for_each_class_or_none() -> None:
    with pytest.raises(InputError, match="--names"):
        pick(dataset(), ["only"])


def test_a_gallery_is_called_what_its_dataset_is() -> None:
    albums = {"digits": synthetic_site.album()}
    facts = synthetic_site.provenance()["datasets"]
    shown = gallery("digits", albums, facts)
    assert shown.dataset == "Handwritten digits of scikit-learn"


def test_a_gallery_may_have_nothing_to_show() -> None:
    shown = gallery("digits", {}, [])
    assert (shown.dataset, shown.strips) == ("digits", ())


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"record": "run"}, "record"),
        ({"version": 0}, "version"),
        ({"image": [0, 28]}, "image[0]"),
        ({"image": [28]}, "image"),
        ({"classes": [{"name": "a", "images": ["é"]}]}, "classes[0].images[0]"),
        ({"classes": [{"name": "a", "images": ["?"]}]}, "classes[0].images[0]"),
        ({"classes": [{"name": "a", "images": ["AAAA"]}]}, "classes[0].images[0]"),
    ],
)
def test_a_record_that_is_not_whole_is_told(
    tmp_path: Path, change: dict[str, Any], key: str
) -> None:
    found = read(tmp_path, synthetic_site.gallery_record() | change)
    assert blamed(only_failure(found)) == (f"{tmp_path / 'images.json'}", f"members[0].{key}")


def test_the_record_of_the_made_up_site_is_its_album(tmp_path: Path) -> None:
    assert read(tmp_path, synthetic_site.gallery_record()) == synthetic_site.albums()


def test_a_gallery_that_could_not_be_made_is_missing(tmp_path: Path) -> None:
    found = read(tmp_path, failure("gallery/mnist", "needs datasets/mnist"))
    assert found.failures == {"gallery/mnist": "needs datasets/mnist"}


def test_a_picture_of_real_images_stays_small() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (10, IMAGES, SIDE * SIDE), dtype=np.uint8)
    images = [tuple(image.tobytes() for image in own) for own in noise]
    classes = tuple(ClassImages(name=str(n), images=own) for n, own in enumerate(images))
    album = GalleryRecord(dataset="noise", split="train", image=(SIDE, SIDE), classes=classes)
    shown = gallery("noise", {"noise": album}, [])
    # Noise cannot be compressed at all: no dataset takes more.
    assert sum(len(strip.content) for strip in shown.strips) < 60_000


def test_a_picture_is_what_was_put_into_it() -> None:
    rows = [bytes([0, 128, 255]), bytes([1, 2, 3])]
    assert decoded(png(rows)).tolist() == [[0, 128, 255], [1, 2, 3]]
