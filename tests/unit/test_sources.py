"""Code that is edited under a run is refused, unless the edit comes to nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from pnncore.errors import PnncoreError
from workflow import sources
from workflow.sources import check_unchanged, state

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
    ("file", "text", "refused"),
    [
        ("module.py", CODE, False),
        ("module.py", f"{CODE}# a remark\n", False),
        ("module.py", CODE.replace("Docs", "Words").replace(" = ", "="), False),
        ("module.py", CODE.replace("1", "2"), True),
        ("new.py", "LIMIT = 2\n", True),
        ("page.html.j2", "<b>", True),
        ("notes.txt", "words", False),
    ],
)
def test_an_edit_that_counts_is_refused(root: Path, file: str, text: str, refused: bool) -> None:
    before = state()
    (root / "reports/inner" / file).write_text(text, encoding="utf-8")
    check_unchanged("pnncore", before)
    if not refused:
        check_unchanged("reports", before)
        return
    with pytest.raises(PnncoreError, match="reports/ was edited while this run was at work"):
        check_unchanged("reports", before)
