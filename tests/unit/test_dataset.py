import json
import operator
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from tiny_dataset import CLASSES, SAMPLES, TinyDataset

from pnncore.data import dataset as datasets
from pnncore.data.prepare import prepare
from records.errors import InputError
from records.record import write_record

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tiny: TinyDataset, tmp_path: Path) -> Path:
    prepare("tiny", tiny.entry, tiny.archives, tmp_path / "prepared")
    return tmp_path / "prepared"


def test_loads_what_was_prepared(folder: Path, tiny: TinyDataset) -> None:
    loaded = datasets.load(folder)
    assert loaded.name == "tiny"
    assert loaded.classes == CLASSES
    np.testing.assert_array_equal(loaded.train.images, tiny.arrays["train-images"])
    np.testing.assert_array_equal(loaded.train.labels, tiny.arrays["train-labels"])
    np.testing.assert_array_equal(loaded.test.images, tiny.arrays["test-images"])
    np.testing.assert_array_equal(loaded.test.labels, tiny.arrays["test-labels"])


def test_arrays_are_mapped_and_read_only(folder: Path) -> None:
    images = datasets.load(folder).train.images
    assert isinstance(images, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        images[0] = 0


def test_worker_processes_map_the_same_file(folder: Path) -> None:
    """Workers answer with the file their array is mapped from: no data went to them."""
    loaded = datasets.load(folder)
    ask = joblib.delayed(operator.attrgetter("train.images.filename"))
    answers = joblib.Parallel(n_jobs=2, backend="loky")(ask(loaded) for _ in range(2))
    assert [Path(answer) for answer in answers] == [folder / "train-images.npy"] * 2


def describe(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        described = json.loads((folder / "dataset.json").read_text("utf-8"))
        change(described)
        write_record(folder / "dataset.json", described)

    return apply


def save(key: str, array: Any) -> Callable[[Path], None]:
    return lambda folder: np.save(folder / f"{key}.npy", array, allow_pickle=True)


def save_archive(folder: Path) -> None:
    np.savez(folder / "archive.npz", labels=np.zeros(SAMPLES["test"], np.uint8))
    (folder / "archive.npz").rename(folder / "test-labels.npy")


def truncate(folder: Path) -> None:
    os.truncate(folder / "train-images.npy", 1000)


def spoil(key: str) -> Callable[[Path], None]:
    """Return a fault that changes the last byte of an array."""

    def damage(folder: Path) -> None:
        path = folder / f"{key}.npy"
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    return damage


def edit(folder: Path) -> None:
    path = folder / "dataset.json"
    path.write_text(
        path.read_text("utf-8").replace('"pixel_values": ', '"pixel_values": 1'), "utf-8"
    )


def header(old: bytes, new: bytes) -> Callable[[Path], None]:
    """Return a fault that changes the header of every array."""

    def damage(folder: Path) -> None:
        for path in folder.glob("*.npy"):
            path.write_bytes(path.read_bytes().replace(old, new, 1))

    return damage


def append(folder: Path) -> None:
    with (folder / "test-images.npy").open("ab") as stream:
        stream.write(b"x")


FAULTS: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "no description": (lambda it: (it / "dataset.json").unlink(), "dataset.json", ""),
    "broken description": (lambda it: (it / "dataset.json").write_text("{"), "dataset.json", ""),
    "a list for a description": (
        lambda it: (it / "dataset.json").write_text("[]"),
        "dataset.json",
        "",
    ),
    "a key missing": (describe(lambda it: it["splits"].pop("test")), "dataset.json", "test: "),
    "splits of no kind": (describe(lambda it: it.update(splits=[])), "dataset.json", ""),
    "another version": (describe(lambda it: it.update(version=1)), "dataset.json", "version"),
    "a fact edited": (edit, "dataset.json", "sha256"),
    "a header that is no Python": (header(b"}", b" "), "train-images", ""),
    "by columns": (header(b"False", b"True "), "train-images", "Fortran order"),
    "bytes at the end": (append, "test-images", "bytes"),
    "no samples": (describe(lambda it: it["splits"]["test"].update(samples=0)), "test-", "(20, 28"),
    "no images": (lambda it: (it / "train-images.npy").unlink(), "train-images", ""),
    "truncated": (truncate, "train-images", ""),
    "empty": (lambda it: os.truncate(it / "test-labels.npy", 0), "test-labels", ""),
    "another type": (save("test-labels", np.zeros(20, np.int64)), "test-labels", "int64 (20,)"),
    "too few": (save("test-labels", np.zeros(19, np.uint8)), "test-labels", "uint8 (19,)"),
    "flat": (save("test-images", np.zeros((20, 784), np.uint8)), "test-images", "uint8 (20, 784)"),
    "a label too large": (
        save("test-labels", np.full(20, 10, np.uint8)),
        "test-labels",
        "label 10",
    ),
    "an image spoilt": (spoil("train-images"), "train-images", "SHA-256"),
    "a label spoilt": (spoil("train-labels"), "train-labels", "SHA-256"),
    "a pickle": (save("test-labels", np.array([{}])), "test-labels", ""),
    "an archive": (save_archive, "test-labels", ""),
}
"""By fault: the file that is named, and what is said of it, where that is more than that it is no such file."""


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_told_by_its_file(folder: Path, fault: str) -> None:
    damage, file, found = FAULTS[fault]
    damage(folder)
    with pytest.raises(InputError) as caught:
        datasets.load(folder)
    message = str(caught.value)
    assert message.startswith(str(folder / file))
    assert found in message
    assert "\n" not in message
