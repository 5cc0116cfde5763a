"""A made-up dataset in IDX format, small enough for every test to have its own."""

import gzip
import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import convert
from numpy.typing import NDArray

from pnncore.data.formats.idx import Idx

SAMPLES = {"train": 30, "test": 20}
SHAPE = (28, 28)
CLASSES = 10


def idx_bytes(array: NDArray[np.uint8]) -> bytes:
    """Write an array as an IDX file."""
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


class TinyDataset:
    """Archives in a folder, and the manifest entry that they fulfil until they are changed.

    Attributes
    ----------
    spec : dict
        The manifest entry.
    archives : Path
        The folder of the archives.
    arrays : dict
        What is in them, by ``train-images`` and so on.
    """

    def __init__(self, archives: Path) -> None:
        archives.mkdir(parents=True)
        generator = np.random.default_rng(7)
        self.archives = archives
        self.arrays: dict[str, NDArray[np.uint8]] = {}
        for split, samples in SAMPLES.items():
            images = generator.integers(0, 256, (samples, *SHAPE), dtype=np.uint8)
            self.arrays[f"{split}-images"] = images
            self.arrays[f"{split}-labels"] = np.arange(samples, dtype=np.uint8) % CLASSES
        self.spec: dict[str, Any] = {
            "title": "Tiny",
            "format": "idx",
            "licence": {"name": "CC0"},
            "citation": "Nobody: Nothing. Nowhere.",
            "homepage": "https://example.org/",
            "classes": CLASSES,
            "image": {"height": SHAPE[0], "width": SHAPE[1]},
            "mirrors": ["https://example.org/tiny/"],
            "splits": {
                split: {"samples": samples}
                | {kind: self._archive(f"{split}-{kind}") for kind in ("images", "labels")}
                for split, samples in SAMPLES.items()
            },
        }

    @property
    def entry(self) -> Idx:
        """Return the manifest entry as its format has it."""
        return convert(self.spec, Idx)

    def path(self, key: str) -> Path:
        """Return the archive that holds one array."""
        return self.archives / f"{key}.gz"

    def rewrite(self, key: str, array: NDArray[np.uint8]) -> None:
        """Replace an archive behind the manifest's back."""
        self.path(key).write_bytes(gzip.compress(idx_bytes(array), mtime=0))

    def _archive(self, key: str) -> dict[str, Any]:
        self.rewrite(key, self.arrays[key])
        archive = self.path(key).read_bytes()
        return {
            "file": self.path(key).name,
            "bytes": len(archive),
            "sha256": hashlib.sha256(archive).hexdigest(),
            "content_sha256": hashlib.sha256(gzip.decompress(archive)).hexdigest(),
        }
