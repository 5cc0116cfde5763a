"""YAML files: numbers as people write them, and what is no configuration."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from records.errors import InputError
from workflow.documents import read_yaml


def read(folder: Path, text: str) -> dict[str, Any]:
    path = folder / "tiny.yaml"
    path.write_text(text)
    return read_yaml(path)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("10", 10),
        ("-3", -3),
        ("1e-3", 0.001),
        ("1.0e+3", 1000.0),
        (".5", 0.5),
        ("true", True),
        ("null", None),
        ("", None),
        *((text, text) for text in ("010", "0x10", "0b1", "1:30", "1_000", ".inf", ".nan")),
        *((text, text) for text in ("yes", "no", "on", "2026-01-01", "2024-13-45")),
    ],
)
def test_only_plain_decimals_are_numbers(tmp_path: Path, written: str, read_as: Any) -> None:
    found = read(tmp_path, f"a: {written}")["a"]
    assert found == read_as
    assert type(found) is type(read_as)


def test_keys_may_be_merged(tmp_path: Path) -> None:
    assert read(tmp_path, "x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\n")["y"] == {"a": 1, "b": 3}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: ]", 1),
        ("a: 1\na: 2", 2),
        ("a:\n  b: 1\n  b: 1", 3),
        ("a:\n  2024: 2", 2),
        ("a: 1\n? [b, c]\n: 2", 2),
        ("a: !!python/object:os.system {}", 1),
    ],
)
def test_mistakes_are_told_by_their_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(InputError, match=rf"tiny\.yaml, line {line}: "):
        read(tmp_path, text)


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n- b\n", "sample", "12", "a: !!int many"])
def test_documents_that_are_no_keys_with_values_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"tiny\.yaml: "):
        read(tmp_path, text)


@pytest.mark.parametrize(
    "make", [Path.mkdir, lambda path: path.write_bytes(b"a: \xff"), lambda path: None]
)
def test_what_is_no_text_file_is_refused(tmp_path: Path, make: Callable[[Path], object]) -> None:
    path = tmp_path / "tiny.yaml"
    make(path)
    with pytest.raises(InputError, match=rf"^{path}: "):
        read_yaml(path)
