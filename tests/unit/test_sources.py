"""Files that come to something else than before are found; edits that come to nothing are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflow import sources
from workflow.sources import changed, state, used

CODE = '"""Docs."""\n\nLIMIT = 1\n'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for package in sources.PACKAGES:
        folder = tmp_path / package / "inner"
        folder.mkdir(parents=True)
        (folder / "module.py").write_text(CODE, encoding="utf-8")
        (folder / "page.html.j2").write_text("<p>", encoding="utf-8")
        (folder / "notes.txt").write_text("", encoding="utf-8")
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "text", "counts"),
    [
        ("module.py", CODE, False),
        ("module.py", f"{CODE}# a remark\n", False),
        ("module.py", CODE.replace("Docs", "Words").replace(" = ", "="), False),
        ("module.py", CODE.replace("1", "2"), True),
        ("module.py", "LIMIT = (", True),
        ("module.py", "\0", True),
        ("new.py", "LIMIT = 2\n", True),
        (".#module.py", "LIMIT = 2\n", False),
        ("page.html.j2", "<b>", True),
        ("notes.txt", "words", False),
    ],
)
def test_an_edit_that_counts_is_found(root: Path, file: str, text: str, counts: bool) -> None:
    before = state()
    path = root / "reports/inner" / file
    path.write_text(text, encoding="utf-8")
    assert changed(before) == ({str(path)} if counts else set())


def test_a_file_that_is_gone_has_changed(root: Path) -> None:
    before = state()
    path = root / "pnncore/inner/module.py"
    path.unlink()
    assert changed(before) == {str(path)}


def test_what_cannot_be_read_or_parsed_ends_nothing(root: Path) -> None:
    (root / "pnncore/inner/half.py").write_text("def f(:", encoding="utf-8")
    (root / "pnncore/inner/.#half.py").symlink_to("someone@host.1:2")
    (root / "pnncore/inner/lost.py").symlink_to("nowhere")
    assert changed(state()) == set()


def test_modules_that_were_imported_are_used_and_no_others(root: Path) -> None:
    assert sources.__file__ in used("pnncore")
    page = str(root / "reports/inner/page.html.j2")
    assert page not in used("pnncore")
    assert page in used("reports")
    assert str(root / "pnncore/inner/module.py") not in used("reports")
