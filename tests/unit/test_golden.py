"""Golden files: every number and word of the tables that pages show, and the sentences above their figures."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
import synthetic_site

from reports.pages.site import publish

GOLDEN = Path(__file__).parent / "golden"
PAGES = ("index", synthetic_site.ID, "strategies")


class Shown(HTMLParser):
    """Gathers what a reader sees of tables, a line a row, and of the sentences above figures."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._cells: list[str] = []
        self._reading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("th", "td", "caption") or (tag, dict(attrs).get("class")) == ("p", "headline"):
            self._cells.append("")
            self._reading = True

    def handle_data(self, data: str) -> None:
        if self._reading:
            self._cells[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td", "caption", "p"):
            self._reading = False
        if tag in ("tr", "caption", "p") and self._cells:
            self.lines.append(" | ".join(" ".join(cell.split()) for cell in self._cells))
            self._cells = []


@pytest.mark.parametrize("name", PAGES)
def test_pages_show_what_they_showed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vl_convert.javascript_bundle", lambda *_, **__: "")
    monkeypatch.setattr("vl_convert.vegalite_to_svg", lambda *_, **__: "<svg></svg>")
    papers, comparisons = (
        [synthetic_site.drawn(study)]
        for study in (synthetic_site.tables(), synthetic_site.comparison())
    )
    albums = synthetic_site.albums()
    publish(synthetic_site.provenance(), papers, tmp_path / "site", albums, comparisons)
    shown = Shown()
    shown.feed((tmp_path / "site" / f"{name}.html").read_text(encoding="utf-8"))
    golden = GOLDEN / f"{name}.txt"
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text("\n".join(shown.lines) + "\n", encoding="utf-8")
        pytest.fail(
            f"{golden} was missing and is written now: read it, and commit it if it is right"
        )
    assert shown.lines == golden.read_text(encoding="utf-8").splitlines()
