import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from listing import names
from tiny_dataset import CLASSES, SAMPLES, TinyDataset

from pnncore.data import dataset as datasets
from pnncore.data.prepare import prepare
from records import atomic
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
        prepare("tiny", tiny.spec, tiny.archives, destination)
    message = str(caught.value)
    assert "expected" in message
    assert "\n" not in message
    assert not destination.exists()
    return message


def test_writes_what_the_archives_hold(tiny: TinyDataset, destination: Path) -> None:
    prepare("tiny", tiny.spec, tiny.archives, destination)
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


FAULTS: dict[str, tuple[Callable[[TinyDataset], None], str]] = {
    "missing": (lambda tiny: tiny.path("test-labels").unlink(), "test-labels.gz: missing"),
    "not gzip": (replace("train-images", lambda _: b"<html>"), "train-images.gz: damaged"),
    "truncated gzip": (replace("train-images", lambda it: it[:-20]), "train-images.gz: damaged"),
    "damaged gzip": (
        replace("train-images", lambda it: it[:3000] + b"\0\xff" * 50 + it[3100:]),
        "train-images.gz: damaged",
    ),
    "wrong checksum": (replace("train-images", lambda it: it[:-8] + b"\0" * 8), "CRC check failed"),
    "bomb": (
        replace("test-labels", lambda _: gzip.compress(bytes(50_000_000))),
        "test-labels.gz: too large: expected 28 bytes when decompressed, found more than 56",
    ),
    "magic": (
        replace("test-labels", lambda it: gzip.compress(b"\1" + gzip.decompress(it)[1:])),
        "magic number 0x00000801, found 0x01000801",
    ),
    "truncated": (
        replace("test-labels", lambda it: gzip.compress(gzip.decompress(it)[:-1])),
        "test-labels.gz: truncated: expected 20 bytes after the header, which states 20, found 19",
    ),
    "trailing": (
        replace("test-labels", lambda it: gzip.compress(gzip.decompress(it) + b"\0")),
        "trailing bytes",
    ),
    "labels for images": (
        lambda tiny: tiny.rewrite("train-images", tiny.arrays["train-labels"]),
        "wrong number of dimensions: expected 3, found 1",
    ),
    "narrow": (
        change("train-images", lambda images: images[:, :, 1:]),
        "wrong shape: expected 30×28×28, found 30×28×27",
    ),
    "wide": (
        change("train-images", lambda images: np.pad(images, ((0, 0), (0, 0), (0, 1)))),
        "wrong shape: expected 30×28×28, found 30×28×29",
    ),
    "too few labels": (
        change("train-labels", lambda labels: labels[1:]),
        "found 30 images and 29 labels",
    ),
    "label out of range": (
        change("test-labels", one_label(CLASSES)),
        "label out of range: expected 0 to 9, found 10",
    ),
    "another label": (
        change("test-labels", one_label(CLASSES - 2)),
        "differs from the manifest: expected SHA-256",
    ),
    "another image": (
        change("test-images", lambda images: 255 - images),
        "differs from the manifest: expected SHA-256",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_sentence(tiny: TinyDataset, destination: Path, fault: str) -> None:
    damage, expected = FAULTS[fault]
    damage(tiny)
    message = refused(tiny, destination)
    assert expected in message
    assert str(tiny.archives) in message


def test_too_few_samples_in_both_are_noticed(tiny: TinyDataset, destination: Path) -> None:
    for kind in ("images", "labels"):
        tiny.rewrite(f"train-{kind}", tiny.arrays[f"train-{kind}"][1:])
    assert "expected 30×28×28, found 29×28×28" in refused(tiny, destination)


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
        prepare("tiny", tiny.spec, tiny.archives, destination)
    assert names(destination) == []


def test_digits_are_those_of_the_manifest(tmp_path: Path, manifest: dict[str, Any]) -> None:
    prepare("digits", manifest["digits"], tmp_path / "none", tmp_path / "digits")
    loaded = datasets.load(tmp_path / "digits")
    assert (len(loaded.train.labels), len(loaded.test.labels)) == (1437, 360)


def test_a_change_in_the_digits_is_noticed(tmp_path: Path, manifest: dict[str, Any]) -> None:
    spec = manifest["digits"]
    spec["splits"]["test"]["labels"]["content_sha256"] = "0" * 64
    with pytest.raises(InputError, match=r"digits: test labels.*scikit-learn \d") as caught:
        prepare("digits", spec, tmp_path, tmp_path / "digits")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"image": {"height": 5, "width": 28}}, "image\\.height: .* have 28"),
        ({"classes": 5}, "classes: .* have 10"),
    ],
)
def test_digits_of_another_kind_are_refused(
    tmp_path: Path, manifest: dict[str, Any], change: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=f"digits: {message}"):
        prepare("digits", manifest["digits"] | change, tmp_path, tmp_path / "digits")
    assert not (tmp_path / "digits").exists()


@pytest.mark.skipif(not CANONICAL.is_dir(), reason="needs the archives in PNN_TEST_DATASETS")
def test_the_real_mnist(tmp_path: Path, manifest: dict[str, Any]) -> None:
    prepare("mnist", manifest["mnist"], CANONICAL / "mnist", tmp_path)
    described = json.loads((tmp_path / "dataset.json").read_text("utf-8"))
    assert described["splits"]["train"]["class_counts"] == [
        5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]  # fmt: skip
    assert described["splits"]["test"]["class_counts"] == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip
    assert datasets.load(tmp_path).train.images.mean() == pytest.approx(33.3184, abs=1e-4)
