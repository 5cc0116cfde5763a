from pathlib import Path

import pytest
from tiny_dataset import TinyDataset

from records.dataset import Manifest
from workflow.manifest import load_manifest

pytest.register_assert_rewrite("conformance")

ROOT = Path(__file__).parents[2]


@pytest.fixture
def tiny(tmp_path: Path) -> TinyDataset:
    return TinyDataset(tmp_path / "archives")


@pytest.fixture
def manifest() -> Manifest:
    return load_manifest(ROOT / "config/datasets.yaml")
