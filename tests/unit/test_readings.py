"""What papers leave open, how it was read, and how the readings fared: their types, table and page."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import synthetic_site
from msgspec import structs
from tiny_study import PAPER, ROOT, Change, load, refused

from records.program import NONE_FOUND, Program
from records.study import Paper
from reports.pages.readings_page import BADGES, readings_page, summary
from reports.pages.site import publish
from reports.verdicts.readings import COLUMNS, GUESSES, readings, tally
from workflow.configuration import unjudged
from workflow.documents import read_yaml
from workflow.schemas import convert

FILES = sorted((ROOT / "config/papers").glob("*.yaml"))
SETTLED = {"settled": "Early.", "guess": "wrong"}
STUDY: dict[str, Any] = {
    **PAPER,
    "program": {"repository": "https://example.org/tiny", "contents": "All of it."},
    "ambiguities": [
        {"id": "TY-A01", "open": "When.", "reading": "Late.", **SETTLED},
        {"id": "TY-A02", "open": "Where.", "reading": "Here."},
    ],
}

MISTAKES: dict[str, tuple[Change, set[str]]] = {
    "settled without a guess": (
        lambda p: p["ambiguities"][0].pop("guess"),
        {"ambiguities[0].guess"},
    ),
    "a guess without what settles it": (
        lambda p: p["ambiguities"][1].update(guess="right"),
        {"ambiguities[1].settled"},
    ),
    "another guess": (
        lambda p: p["ambiguities"][0].update(guess="almost"),
        {"ambiguities[0].guess"},
    ),
    "no reading": (
        lambda p: p["ambiguities"][1].pop("reading"),
        {"ambiguities[1].reading"},
    ),
    "an id of a claim": (
        lambda p: p["ambiguities"][0].update(id="TY-C01"),
        {"ambiguities[0].id"},
    ),
    "an id of another paper": (
        lambda p: p["ambiguities"][0].update(id="OT-A01"),
        {"ambiguities.OT-A01.id"},
    ),
    "an id twice": (
        lambda p: p["ambiguities"].append(copy.deepcopy(p["ambiguities"][1])),
        {"ambiguities"},
    ),
    "settled by no program": (
        lambda p: p.update(program=NONE_FOUND),
        {"ambiguities.TY-A01.settled"},
    ),
    "a program without an address": (
        lambda p: p["program"].update(repository="example.org"),
        {"program.repository"},
    ),
    "other words for no program": (lambda p: p.update(program="gone"), {"program"}),
}


def test_a_paper_says_what_it_leaves_open(tmp_path: Path) -> None:
    study = load(tmp_path, base=STUDY)
    assert [each.id for each in study.ambiguities] == ["TY-A01", "TY-A02"]
    assert study.program != NONE_FOUND
    assert load(tmp_path, base=PAPER).program == NONE_FOUND


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_by_its_key(tmp_path: Path, name: str) -> None:
    change, keys = MISTAKES[name]
    assert refused(tmp_path, change, STUDY) == keys


def test_drawings_do_not_depend_on_them(tmp_path: Path) -> None:
    assert unjudged(load(tmp_path, base=STUDY)) == unjudged(load(tmp_path, base=PAPER))


def test_the_table_has_a_row_for_each() -> None:
    found = readings([synthetic_site.paper(), synthetic_site.comparison().study])
    assert tuple(found.columns) == COLUMNS
    assert found["guess"].tolist() == ["wrong", "right", "partly", "not settled", "right"]
    assert set(found["paper"]) == {synthetic_site.ID}
    assert found["settled"].isna().tolist() == [False, False, False, True, False]
    assert tally(found) == {"right": 2, "partly": 1, "wrong": 1, "not settled": 1}
    assert readings([]).empty


def test_the_summary_counts_what_is_settled() -> None:
    study = synthetic_site.paper()
    silent = structs.replace(study, program=NONE_FOUND, ambiguities=study.ambiguities[3:4])
    assert summary([study, silent]) == (
        "The papers’ texts leave 6 things open. The authors’ own programs, found for 1 of 2 papers, settle 4 of them: "
        "our reading of the text was right in 2, partly right in 1 and wrong in 1."
    )
    assert summary([structs.replace(study, ambiguities=())]) == ""


def test_how_a_reading_fared_is_told_by_words_and_by_a_mark_of_its_own() -> None:
    assert tuple(BADGES) == GUESSES
    for part in ("text", "mark", "token"):
        assert len({getattr(badge, part) for badge in BADGES.values()}) == len(GUESSES)


def test_counts_on_the_page_are_those_of_its_rows() -> None:
    (entry,) = readings_page([synthetic_site.tables()])["entries"]
    texts = [row.badge.text for row in entry.rows]
    assert {BADGES[guess].text: n for guess, n in entry.counts.items()} == {
        badge.text: texts.count(badge.text) for badge in BADGES.values()
    }


def test_papers_whose_program_was_found_come_first() -> None:
    known = synthetic_site.tables()
    unknown = replace(known, study=structs.replace(known.study, program=NONE_FOUND))
    entries = readings_page([unknown, known, unknown])["entries"]
    assert [entry.study.program != NONE_FOUND for entry in entries] == [True, False, False]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a site without charts, which take nearly all of the time."""
    monkeypatch.setattr("vl_convert.javascript_bundle", lambda *_, **__: "")
    monkeypatch.setattr("vl_convert.vegalite_to_svg", lambda *_, **__: "<svg></svg>")
    publish(synthetic_site.provenance(), [synthetic_site.tables()], tmp_path / "site")
    return tmp_path / "site"


def test_every_row_has_an_anchor_and_says_what_the_program_does(site: Path) -> None:
    html = (site / "readings.html").read_text("utf-8")
    rows = dict(re.findall(r'<tbody role="rowgroup" id="([\w-]+)">(.*?)</tbody>', html, re.DOTALL))
    assert list(rows) == [entry["id"] for entry in synthetic_site.AMBIGUITIES]
    assert "Every epoch." in rows["KS-A01"]
    assert '<span class="mark" aria-hidden="true">✕</span>wrong' in rows["KS-A01"]
    assert '<span class="mark" aria-hidden="true">≈</span>partly right' in rows["KS-A03"]
    assert "&lt;b&gt;loss" in rows["KS-A03"]
    assert '<span class="mark" aria-hidden="true">○</span>not settled' in rows["KS-A04"]
    assert 'class="empty">–' in rows["KS-A04"]


def test_the_index_and_the_papers_page_lead_to_it(site: Path) -> None:
    index = (site / "index.html").read_text("utf-8")
    assert 'href="readings.html"' in index
    assert "settle 4 of them" in index
    page = (site / f"{synthetic_site.ID}.html").read_text("utf-8")
    assert "example.org/<wbr>a/<wbr>spmd</code>, no licence stated" in page
    assert f'href="readings.html#{synthetic_site.ID}"' in page
    assert f'id="{synthetic_site.ID}"' in (site / "readings.html").read_text("utf-8")


def test_the_table_is_there_as_data(site: Path) -> None:
    assert (site / "data/readings.csv").read_text("utf-8").splitlines()[0] == ",".join(COLUMNS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_our_papers_number_what_they_leave_open_without_a_gap(path: Path) -> None:
    paper: Paper = convert(read_yaml(path), Paper, str(path))
    ids = [each.id for each in paper.ambiguities]
    assert ids == [f"{paper.key}-A{number:02}" for number in range(1, len(ids) + 1)]
    assert ids


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_question_that_a_comment_names_is_described(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    paper: Paper = convert(read_yaml(path), Paper, str(path))
    assert set(re.findall(rf"\b{paper.key}-A\d\d\b", text)) <= {
        each.id for each in paper.ambiguities
    }


def test_the_authors_own_numbers_are_from_the_program_that_is_named() -> None:
    for name, authors in read_yaml(ROOT / "config/authors.yaml").items():
        path = ROOT / f"config/papers/{name}.yaml"
        paper: Paper = convert(read_yaml(path), Paper, str(path))
        assert isinstance(paper.program, Program)
        assert paper.program.repository == authors["repository"]
