from pathlib import Path
from typing import Any

import pytest
import yaml
from tiny_dataset import TinyDataset

pytest.register_assert_rewrite("conformance")

ROOT = Path(__file__).parents[2]


@pytest.fixture
def tiny(tmp_path: Path) -> TinyDataset:
    return TinyDataset(tmp_path / "archives")


@pytest.fixture
def manifest() -> dict[str, Any]:
    """Read config/datasets.yaml afresh, to be changed at will."""
    read: dict[str, Any] = yaml.safe_load((ROOT / "config/datasets.yaml").read_text("utf-8"))
    return read
