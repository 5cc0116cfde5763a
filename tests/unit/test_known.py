"""Findings about texts: found out once, and never wrong for having been kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pnncore.known import Known

FINDING = "12345678"


def read(content: Any) -> str:
    if not isinstance(content, str):
        raise TypeError("no text")
    return content


@pytest.fixture
def maker(tmp_path: Path) -> Path:
    path = tmp_path / "maker.py"
    path.write_text("found = 1")
    return path


def kept(maker: Path, *texts: bytes) -> int:
    """Ask about texts, as a process of its own; return how often something had to be found out."""
    asked = []

    def find() -> str:
        asked.append(1)
        return FINDING

    known = Known(read, maker, maker.parent / "kept")
    assert [known.about(text, find) for text in texts] == [FINDING] * len(texts)
    known.keep()
    return len(asked)


def test_a_text_is_looked_at_once_whatever_process_asks(maker: Path) -> None:
    assert kept(maker, b"a", b"b", b"a") == 2
    assert kept(maker, b"a", b"b") == 0
    assert kept(maker, b"a", b"c") == 1


def test_other_code_finds_out_for_itself(maker: Path) -> None:
    kept(maker, b"a")
    maker.write_text("found = 2")
    assert kept(maker, b"a") == 1


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no JSON": lambda path: path.write_text("{"),
    "another kind": lambda path: path.write_text("[1]"),
    "other values": lambda path: path.write_text('{"a": 1, "b": [2, 3, 4]}'),
    "no text": lambda path: path.write_bytes(b"\xff"),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_costs_time_alone(maker: Path, damage: str) -> None:
    kept(maker, b"a")
    (path,) = (maker.parent / "kept").iterdir()
    DAMAGES[damage](path)
    assert kept(maker, b"a") == 1
    assert kept(maker, b"a") == 0


def test_a_folder_that_cannot_be_written_to_costs_time_alone(maker: Path) -> None:
    (maker.parent / "kept").write_text("a file")
    assert kept(maker, b"a") == 1
    assert kept(maker, b"a") == 1
