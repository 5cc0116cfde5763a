from pathlib import Path
from typing import Any

import pytest
from test_configuration import load
from workflow.samples import check_samples

from records.errors import InputError

FILE = Path("config/papers/tiny.yaml")
MANIFEST = {
    "digits": {"splits": {"train": {"samples": 40}, "test": {"samples": 10}}},
    "mnist": {"splits": {"train": {"samples": 60_000}, "test": {"samples": 10_000}}},
}


@pytest.fixture
def paper(tmp_path: Path) -> dict[str, Any]:
    return load(tmp_path)


def test_what_there_is_may_be_taken(paper: dict[str, Any]) -> None:
    check_samples(paper, MANIFEST, FILE)


@pytest.mark.parametrize(("split", "held"), [("train", 40), ("test", 10)])
def test_more_than_there_is_may_not(paper: dict[str, Any], split: str, held: int) -> None:
    paper["experiments"]["fig1"]["variants"]["plain"]["samples"][split] = held + 1
    where = rf"^{FILE}: experiments\.fig1\.variants\.plain\.samples\.{split}"
    message = rf"{where}: takes {held + 1} .* has {held}"
    with pytest.raises(InputError, match=message):
        check_samples(paper, MANIFEST, FILE)


def test_every_worker_has_a_sample(paper: dict[str, Any]) -> None:
    paper["experiments"]["fig1"]["variants"]["wide"]["workers"] = [1, 41]
    message = r"variants\.wide\.workers: 41 workers have 40 training samples"
    with pytest.raises(InputError, match=message):
        check_samples(paper, MANIFEST, FILE)
