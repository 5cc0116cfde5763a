import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from listing import names
from msgspec import structs
from tiny_dataset import CLASSES, SAMPLES, TinyDataset

from pnncore.data import dataset as datasets
from pnncore.data.prepare import prepare
from records import atomic
from records.dataset import Array, Image, Manifest
from records.errors import InputError

ROOT = Path(__file__).parents[2]
CANONICAL = Path(os.environ.get("PNN_TEST_DATASETS", ROOT.parent / "shared/datasets"))

FILES = {f"{split}-{kind}.npy" for split in SAMPLES for kind in ("images", "labels")}


@pytest.fixture
def destination(tmp_path: Path) -> Path:
    return tmp_path / "prepared"


def refused(tiny: TinyDataset, destination: Path) -> str:
    """Prepare in vain; check what always holds, and return the message."""
    with pytest.raises(InputError) as caught:
        prepare("tiny", tiny.entry, tiny.archives, destination)
    message = str(caught.value)
    assert "\n" not in message
    assert not destination.exists()
    return message


def test_writes_what_the_archives_hold(tiny: TinyDataset, destination: Path) -> None:
    prepare("tiny", tiny.entry, tiny.archives, destination)
    assert set(names(destination)) == FILES | {"dataset.json"}
    for key, array in tiny.arrays.items():
        np.testing.assert_array_equal(np.load(destination / f"{key}.npy"), array)
    described = json.loads((destination / "dataset.json").read_text("utf-8"))
    assert described["name"] == "tiny"
    assert described["image"] == [28, 28]
    assert described["splits"]["test"]["samples"] == SAMPLES["test"]
    assert described["splits"]["train"]["pixel_values"] == 256
    assert described["splits"]["test"]["class_counts"] == [SAMPLES["test"] // CLASSES] * CLASSES


def change(key: str, array: Callable[[np.ndarray], np.ndarray]) -> Callable[[TinyDataset], None]:
    return lambda tiny: tiny.rewrite(key, array(tiny.arrays[key]))


def replace(key: str, content: Callable[[bytes], bytes]) -> Callable[[TinyDataset], None]:
    def apply(tiny: TinyDataset) -> None:
        tiny.path(key).write_bytes(content(tiny.path(key).read_bytes()))

    return apply


def one_label(value: int) -> Callable[[np.ndarray], np.ndarray]:
    return lambda labels: np.append(labels[1:], np.uint8(value))


FAULTS: dict[str, tuple[Callable[[TinyDataset], None], str, list[str]]] = {
    "missing": (lambda tiny: tiny.path("test-labels").unlink(), "test-labels", []),
    "not gzip": (replace("train-images", lambda _: b"<html>"), "train-images", []),
    "truncated gzip": (replace("train-images", lambda it: it[:-20]), "train-images", []),
    "damaged gzip": (
        replace("train-images", lambda it: it[:3000] + b"\0\xff" * 50 + it[3100:]),
        "train-images",
        [],
    ),
    "wrong checksum": (
        replace("train-images", lambda it: it[:-8] + b"\0" * 8),
        "train-images",
        ["CRC"],
    ),
    "bomb": (
        replace("test-labels", lambda _: gzip.compress(bytes(50_000_000))),
        "test-labels",
        ["28 bytes", "56"],
    ),
    "magic": (
        replace("test-labels", lambda it: gzip.compress(b"\1" + gzip.decompress(it)[1:])),
        "test-labels",
        ["0x00000801", "0x01000801"],
    ),
    "truncated": (
        replace("test-labels", lambda it: gzip.compress(gzip.decompress(it)[:-1])),
        "test-labels",
        ["20", "19"],
    ),
    "trailing": (
        replace("test-labels", lambda it: gzip.compress(gzip.decompress(it) + b"\0")),
        "test-labels",
        ["20", "21"],
    ),
    "labels for images": (
        lambda tiny: tiny.rewrite("train-images", tiny.arrays["train-labels"]),
        "train-images",
        ["dimensions", "3", "1"],
    ),
    "narrow": (
        change("train-images", lambda images: images[:, :, 1:]),
        "train-images",
        ["30×28×28", "30×28×27"],
    ),
    "wide": (
        change("train-images", lambda images: np.pad(images, ((0, 0), (0, 0), (0, 1)))),
        "train-images",
        ["30×28×28", "30×28×29"],
    ),
    "too few labels": (
        change("train-labels", lambda labels: labels[1:]),
        "train-labels",
        ["30 images", "29 labels"],
    ),
    "too few of both": (
        lambda tiny: [
            tiny.rewrite(key, tiny.arrays[key][1:]) for key in ("train-images", "train-labels")
        ],
        "train-images",
        ["30×28×28", "29×28×28"],
    ),
    "label out of range": (change("test-labels", one_label(CLASSES)), "test-labels", ["9", "10"]),
    "another label": (change("test-labels", one_label(CLASSES - 2)), "test-labels", ["SHA-256"]),
    "another image": (
        change("test-images", lambda images: 255 - images),
        "test-images",
        ["SHA-256"],
    ),
}
"""By fault: what does it, the archive that is named, and what was expected and found."""


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_told_by_its_archive(
    tiny: TinyDataset, destination: Path, fault: str
) -> None:
    damage, key, found = FAULTS[fault]
    damage(tiny)
    message = refused(tiny, destination)
    assert str(tiny.path(key)) in message
    said = message.replace(str(tiny.archives), "")
    assert [word for word in found if word not in said] == []


def test_a_disk_that_fills_up_leaves_nothing(
    tiny: TinyDataset, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []
    writing = atomic.writing

    def fills_up(path: Path) -> Any:
        written.append(path)
        if len(written) == 4:
            raise InputError(f"{path} cannot be written")
        return writing(path)

    monkeypatch.setattr(atomic, "writing", fills_up)
    with pytest.raises(InputError, match="cannot be written"):
        prepare("tiny", tiny.entry, tiny.archives, destination)
    assert names(destination) == []


def test_digits_are_those_of_the_manifest(tmp_path: Path, manifest: Manifest) -> None:
    prepare("digits", manifest["digits"], tmp_path / "none", tmp_path / "digits")
    loaded = datasets.load(tmp_path / "digits")
    assert (len(loaded.train.labels), len(loaded.test.labels)) == (1437, 360)


def test_a_change_in_the_digits_is_noticed(tmp_path: Path, manifest: Manifest) -> None:
    splits = manifest["digits"].splits
    test = structs.replace(splits.test, labels=Array("0" * 64))
    spec = structs.replace(manifest["digits"], splits=structs.replace(splits, test=test))
    with pytest.raises(InputError, match=r"digits: test labels.*scikit-learn") as caught:
        prepare("digits", spec, tmp_path, tmp_path / "digits")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "key"),
    [({"image": Image(5, 28)}, r"image\.height"), ({"classes": 5}, "classes")],
)
def test_digits_of_another_kind_are_refused(
    tmp_path: Path, manifest: Manifest, change: dict[str, Any], key: str
) -> None:
    with pytest.raises(InputError, match=f"digits: {key}: .* 5;"):
        prepare(
            "digits", structs.replace(manifest["digits"], **change), tmp_path, tmp_path / "digits"
        )
    assert not (tmp_path / "digits").exists()


@pytest.mark.skipif(not CANONICAL.is_dir(), reason="needs the archives in PNN_TEST_DATASETS")
def test_the_real_mnist(tmp_path: Path, manifest: Manifest) -> None:
    prepare("mnist", manifest["mnist"], CANONICAL / "mnist", tmp_path)
    described = json.loads((tmp_path / "dataset.json").read_text("utf-8"))
    assert described["splits"]["train"]["class_counts"] == [
        5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]  # fmt: skip
    assert described["splits"]["test"]["class_counts"] == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip
    assert datasets.load(tmp_path).train.images.mean() == pytest.approx(33.3184, abs=1e-4)
