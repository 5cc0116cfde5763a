"""The site as files: what is written, what is said, what is escaped, and what never half-stands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import msgspec
import pandas as pd
import pytest
import synthetic_site
from msgspec import UNSET, structs
from records_factory import failure, write_collection

from records.errors import InputError
from records.kinds.gallery import GalleryRecord
from records.program import NONE_FOUND
from records.study import Citation
from reports.cli import main
from reports.exhibits.chart_files import draw
from reports.exhibits.quantity import in_column, quantity, within_whole
from reports.exhibits.theme import SHAPES
from reports.pages.paper_tables import TABLES, PaperTables
from reports.pages.site import publish
from reports.tables.collections import Found

PAPER = f"{synthetic_site.ID}.html"
COMPARISON = "strategies.html"
CLAIMS = "claims.html"
PAGES = (
    "index.html",
    PAPER,
    COMPARISON,
    CLAIMS,
    "readings.html",
    "hardware.html",
    "methods.html",
    "provenance.html",
)


Build = Callable[..., Path]


@pytest.fixture(scope="module")
def whole() -> PaperTables:
    """Return the paper with its exhibits drawn: once, since to draw them takes most of a site's time."""
    return synthetic_site.drawn(synthetic_site.tables())


@pytest.fixture(scope="module")
def build() -> Build:
    """Return a function that makes the site of a paper, whose exhibits it draws unless they are, and the comparison."""
    comparison = synthetic_site.drawn(synthetic_site.comparison())

    def build(folder: Path, tables: PaperTables, **changes: Any) -> Path:
        provenance = synthetic_site.provenance() | changes
        paper = tables if tables.figures else synthetic_site.drawn(tables)
        publish(provenance, [paper], folder / "site", synthetic_site.albums(), [comparison])
        return folder / "site"

    return build


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, build: Build, whole: PaperTables) -> Path:
    return build(tmp_path_factory.mktemp("results"), whole)


@pytest.fixture
def tables(whole: PaperTables) -> PaperTables:
    """Return the paper with its exhibits drawn, all else of which may be changed."""
    return replace(synthetic_site.tables(), figures=whole.figures)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do without the bundle and the pictures, which take nearly all of the time."""
    monkeypatch.setattr("vl_convert.javascript_bundle", lambda *_, **__: "")
    monkeypatch.setattr("vl_convert.vegalite_to_svg", lambda *_, **__: "<svg></svg>")


def text(page: Path) -> str:
    """Return a page without its markup, scripts, pictures, list of contents and line breaks."""
    html = re.sub(r"<(script|style).*?</\1>", "", page.read_text("utf-8"), flags=re.DOTALL)
    html = re.sub(
        r'<div class="picture".*?</div>|<nav class="rail".*?</nav>', "", html, flags=re.DOTALL
    )
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\N{NO-BREAK SPACE}", " ").split())


def test_site_holds_pages_assets_and_data(site: Path) -> None:
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assets = (
        *("vega.js", "charts.js", "site.js", "claims.js", "style.css", "theme.css", "icon.svg"),
    )
    tables = ("claims.csv", "findings.csv", "readings.csv", "tables.zip")
    assert files == {
        *PAGES,
        ".nojekyll",
        *(f"assets/{name}" for name in assets),
        *(f"data/{name}" for name in tables),
        *(f"images/digits-{label}.png" for label in range(10)),
        *(f"data/{synthetic_site.ID}/{name}.zip" for name in ("runs-fig2", "timings-fig4")),
        "data/strategies/timings-strategies.zip",
    }


def test_every_table_behind_a_figure_is_in_the_archive(site: Path) -> None:
    drawn = ("fig2", "fig3", "fig4", "fig4-saving", "fig5", "hidden", "workers", "hours")
    assert set(archive(site).namelist()) == {
        *(f"{name}.csv" for name in ("epochs", "timings", "model_error", "scaling", "parameters")),
        *(f"provenance/{name}.csv" for name in ("runs", "timings", "cost")),
        *(f"{synthetic_site.ID}/{name}.csv" for name in (*drawn, "profile", "facts")),
        *(f"strategies/{name}.csv" for name in ("accuracy", "time", "trade-off")),
        *(f"{study}/configuration.json" for study in (synthetic_site.ID, "strategies")),
        "provenance/provenance.json",
    }


def archive(site: Path) -> ZipFile:
    return ZipFile(site / "data/tables.zip")


def packed_table(site: Path, name: str) -> pd.DataFrame:
    with archive(site).open(name) as file:
        return pd.read_csv(file, keep_default_na=False, na_values=[""])


def test_pages_name_nothing_beyond_the_site(site: Path) -> None:
    for name in PAGES:
        html = (site / name).read_text("utf-8")
        sources = re.findall(r'(?:src|href)="([^"]*)"', html)
        assert all(not source.startswith(("http:", "https:", "//")) for source in sources)


def test_every_page_says_that_the_sample_is_not_mnist(site: Path) -> None:
    assert all("It is not MNIST" in text(site / name) for name in PAGES)


@pytest.mark.usefixtures("quick")
def test_an_edition_without_notice_has_no_banner(
    tmp_path: Path, build: Build, tables: PaperTables
) -> None:
    edition = {**synthetic_site.EDITION, "notice": "", "title": "Paper edition"}
    site = build(tmp_path, tables, edition=edition)
    assert all('class="notice"' not in (site / name).read_text("utf-8") for name in PAGES)


def test_numbers_of_the_paper_stand_beside_ours(site: Path) -> None:
    said = text(site / PAPER)
    assert (
        "30 child networks Section 4.1 epoch 12 94.5 % 94.98 % 94.38 to 95.58 "
        "merged every epoch, child networks go on from the mean "
        "92.98 % 92.38 to 93.58 merged every epoch for testing only, child networks go on alone"
    ) in said
    assert "one network levels off Section 4.1 – 94 % 97 % at epoch 50" in said
    assert "the curves of one network meet Section 4.1 epoch 8 –" in said


def test_claims_show_each_reading_with_its_verdict_in_words(site: Path) -> None:
    said = text(site / CLAIMS)
    claim = said[said.index("KS-C05 Accuracy") : said.index("KS-C06 Accuracy")]
    theirs = (
        "▲ In the authors’ own runs, this holds: ✓ accuracy: expected below 90 %, found 87.5 %. "
        "Their number: 87.5 %."
    )
    assert claim.count(theirs) == 1
    assert claim.index(theirs) < claim.index("Rank correlation")
    assert "▲" not in said[said.index("KS-C06 Accuracy") :]
    assert claim.index("✓ reproduced") < claim.index("go on from the mean")
    assert (
        claim.index("go on from the mean")
        < claim.index("✕ contradicted")
        < claim.index("go on alone")
    )
    assert "≈ trend only printed 94 %, ours 95.1 % (94.5 to 95.7 %; 3 seeds), modelled" in said
    assert "Each seed: 94.8 % · 95.1 % · 95.4 %" in said
    assert "Reproduced under 1 of 2 readings; the first decides." in claim
    assert "“ opinion" in said


def test_an_answer_is_given_only_where_its_numbers_bear_it_out(site: Path) -> None:
    said = text(site / PAPER)
    shown, refuted, untested = (
        said[said.index(f"{name} {question}") :].split(" See ")[0]
        for name, question, _ in synthetic_site.FINDINGS
    )
    assert "✓ shown by these runs Twice the learning rate." in shown
    assert "accuracy after epoch 12 94.5 % 94.17 % 93.96 to 94.37 % 3 seeds ✓" in shown
    assert "✕ not supported by these runs" in refuted
    assert "The answer was: From the end of the climb." in refuted
    assert "not tested here Tested in the paper edition" in untested
    assert "a tenth" not in untested


def test_the_first_finding_of_a_paper_is_on_the_index(site: Path) -> None:
    said = text(site / "index.html")
    assert "What does 94.5 % take? Twice the learning rate." in said
    assert "Where do the 90 % come from?" not in said


def test_exhibits_that_the_edition_leaves_out_are_named(site: Path) -> None:
    assert "A sweep of learning rates (Section 4)" in text(site / PAPER)


@pytest.mark.usefixtures("quick")
def test_a_reading_has_the_title_of_the_experiment_that_is_tested(
    tmp_path: Path, build: Build, tables: PaperTables
) -> None:
    fig2 = tables.study.experiments["fig2"]
    title = "at another rate"
    others = {name: structs.replace(each, title=title) for name, each in fig2.variants.items()}
    tables.study.experiments["other"] = structs.replace(fig2, variants=others)
    said = text(build(tmp_path, tables) / CLAIMS)
    claim = said[said.index("KS-C05 Accuracy") : said.index("KS-C06 Accuracy")]
    assert "go on from the mean" in claim
    assert "at another rate" not in claim


def test_counts_of_the_index_lead_to_the_claims_that_they_count(site: Path) -> None:
    html = (site / "index.html").read_text("utf-8")
    chosen = "verdict=contradicted&amp;evidence=independent+runs&amp;printed=yes"
    assert f'<a href="claims.html?paper={synthetic_site.ID}&amp;{chosen}">1</a>' in html
    rows = re.findall(
        r'<details class="claim" id="(.*?)"(.*?)>', (site / CLAIMS).read_text("utf-8")
    )
    wanted = (
        'data-verdict="contradicted"',
        'data-evidence="independent runs"',
        'data-printed="yes"',
    )
    assert [name for name, keys in rows if all(key in keys for key in wanted)] == ["KS-C06"]


def test_a_claim_has_a_row_on_the_page_of_its_paper(site: Path) -> None:
    html = (site / PAPER).read_text("utf-8")
    assert html.count('class="claim claim-row"') == 6
    assert 'id="KS-C26" href="claims.html#KS-C26"' in html


@pytest.mark.usefixtures("quick")
def test_readings_with_the_same_outcome_are_said_once(
    tmp_path: Path, build: Build, tables: PaperTables
) -> None:
    claims = tables.claims[tables.claims["id"] == "KS-C05"].assign(verdict="reproduced", ours=-0.98)
    html = (build(tmp_path, replace(tables, claims=claims)) / CLAIMS).read_text("utf-8")
    assert html.count('<div class="reading">') == 1
    assert html.count('<span class="reading-title">') == 2


@pytest.mark.parametrize(
    ("known", "printed"),
    [
        ({}, "A. Author."),
        ({"year": 2017}, "A. Author. 2017."),
        ({"venue": "Venue"}, "A. Author. Venue."),
        ({"venue": "Venue", "year": 2017, "pages": "1–8"}, "A. Author. Venue, 2017, pp. 1–8."),
    ],
)
@pytest.mark.usefixtures("quick")
def test_a_citation_has_what_is_known(
    tmp_path: Path, build: Build, tables: PaperTables, known: dict[str, Any], printed: str
) -> None:
    citation = Citation(title="Title", authors=("A. Author",), **known)
    tables = replace(tables, study=structs.replace(tables.study, citation=citation))
    page = (build(tmp_path, tables) / PAPER).read_text(encoding="utf-8")
    cited = page.partition('<p class="citation">')[2].partition("</p>")[0]
    assert " ".join(re.sub("<.*?>", "", cited).split()) == printed


def test_it_is_said_what_each_source_of_a_number_is(site: Path) -> None:
    html = (site / "methods.html").read_text("utf-8")
    for source in SHAPES:
        assert f"<dt>{source}</dt>" in html
    said = text(site / "methods.html")
    assert "There are such data of Kalwarowskyj &amp; Schikuta. Figures mark them" in said
    assert "No program was found of" not in text(site / "index.html")


@pytest.mark.usefixtures("quick")
def test_the_index_names_papers_without_a_program(build: Build, tmp_path: Path) -> None:
    tables = synthetic_site.tables()
    without = replace(tables, study=structs.replace(tables.study, program=NONE_FOUND))
    said = text(build(tmp_path, without) / "index.html")
    assert "No program was found of Kalwarowskyj &amp; Schikuta. Every reading" in said


def test_index_counts_the_verdicts(site: Path) -> None:
    rows = [
        "printed numbers, measured here Kalwarowskyj &amp; Schikuta 0 1 0 1 0 2 0 0",
        "directions, measured here Kalwarowskyj &amp; Schikuta 1 0 0 0 0 1 0 1",
        "modelled for another machine Kalwarowskyj &amp; Schikuta 0 1 0 0 0 1 0 0",
        "facts and definitions Kalwarowskyj &amp; Schikuta 0 0 0 0 0 0 0 0",
        "not testable here Kalwarowskyj &amp; Schikuta 1",
    ]
    assert [row for row in rows if row not in text(site / "index.html")] == []


def test_a_claim_that_was_changed_after_results_says_so(site: Path) -> None:
    beside = text(site / CLAIMS)
    five, six, seven = (beside.index(f"KS-C0{number} Accuracy") for number in (5, 6, 7))
    assert "after results" not in beside[five:six]
    assert "Revised after results" in beside[six:seven]
    assert "Not registered" in beside[seven:]
    said = text(site / PAPER)
    assert (
        "Of 4 tested claims, 1 has the tests that it had before there were results; 1 is revised after results; "
        "2 are not registered."
    ) in said


def test_a_comparison_has_a_page_and_no_place_among_the_papers(site: Path) -> None:
    said = text(site / COMPARISON)
    assert said.index("Strategies side by side") < said.index("How to read it")
    assert "All strategies on one &lt;small&gt; network." in said
    assert "Not reached: networks that never meet (ensemble) with 16 workers." in said
    assert "The target is a median error of" in said
    assert 'id="claims"' not in (site / COMPARISON).read_text("utf-8")
    index = (site / "index.html").read_text("utf-8")
    assert index.count('href="strategies.html"') == 2  # in the navigation, and with its subject
    assert "Strategies" not in index.partition('id="scoreboard"')[2].partition("</section>")[0]
    assert "one network (sequential)" not in text(site / "hardware.html")
    claims = pd.read_csv(site / "data/claims.csv")
    assert set(claims["paper"]) == {synthetic_site.ID}
    assert "Accuracy, one network (sequential): 3 of 3 have no record." in text(
        site / "provenance.html"
    )


@pytest.mark.usefixtures("quick")
def test_claims_of_a_comparison_are_counted_apart_from_the_papers(
    tmp_path: Path, tables: PaperTables
) -> None:
    five, six = (structs.replace(each, exhibit=UNSET) for each in tables.study.claims[:2])
    study = structs.replace(synthetic_site.comparison().study, claims=(five, six))
    own = tables.claims[tables.claims["id"].isin([five.id, six.id])]
    compared = replace(
        synthetic_site.drawn(synthetic_site.comparison()),
        study=study,
        claims=own.assign(paper=study.id, exhibit=None),
    )
    provenance, albums = synthetic_site.provenance(), synthetic_site.albums()
    publish(provenance, [tables], tmp_path / "site", albums, [compared])
    said = text(tmp_path / "site/index.html")
    assert "measured here Kalwarowskyj &amp; Schikuta 0 1 0 1 0 2" in said
    assert "of no paper, counted apart Strategies 1 0 0 1 0 2" in said
    assert (
        "Strategies side by side : 2 claims, judged by the same rule: 1 reproduced and 1 contradicted."
    ) in said
    assert "are not registered" in text(tmp_path / "site" / COMPARISON)
    claims = pd.read_csv(tmp_path / "site/data/claims.csv")
    assert set(claims["paper"]) == {synthetic_site.ID, study.id}


def test_a_claim_and_the_one_that_takes_it_up_are_linked_with_each_other(
    tmp_path: Path, tables: PaperTables
) -> None:
    asked, *_ = tables.study.claims
    ours = structs.replace(asked, id="PP-C01", exhibit=UNSET, answers=(asked.id, "XX-C01"))
    rows = tables.claims[tables.claims["id"] == asked.id]
    compared = replace(
        synthetic_site.drawn(synthetic_site.comparison()),
        study=structs.replace(synthetic_site.comparison().study, claims=(ours,)),
        claims=rows.assign(paper="strategies", exhibit=None, id="PP-C01"),
    )
    site = tmp_path / "site"
    publish(synthetic_site.provenance(), [tables], site, synthetic_site.albums(), [compared])
    said, html = text(site / CLAIMS), (site / CLAIMS).read_text("utf-8")
    assert "Taken up in PP-C01 ." in said
    assert f"Takes up what is left open in {asked.id} , XX-C01." in said
    assert 'href="claims.html#PP-C01"' in html
    assert f'href="claims.html#{asked.id}"' in html
    assert f'id="{asked.id}"' in (site / PAPER).read_text("utf-8")
    assert 'id="PP-C01"' in (site / COMPARISON).read_text("utf-8")


def test_a_table_of_losses_says_how_fast(site: Path) -> None:
    assert "−3.2 −3.3 to −3.1, 12 × as fast" in text(site / COMPARISON)


def test_machines_and_their_facts_are_on_a_page_of_their_own(site: Path) -> None:
    said = text(site / "hardware.html")
    assert "An unnamed machine 8 assumed 1 assumed unknown" in said
    assert "Processor &lt;b&gt;Ryzen&lt;/b&gt; Section 4" in said
    assert "A Ryzen 64 11.1 7.4 −33.3 % +100.0 % 7 % 10.9 Section 4.2" in said
    assert "merging 0.1 share fitted A Ryzen" in said
    assert "Missed: the median is 20.8 %" in said
    assert "It knows no caches." in said
    assert "differ from these by 7 to 15 % on the A Ryzen (an earlier campaign)." in said
    assert "at 2 of 2 numbers of workers" in said
    assert (
        "Of 2 speed-ups that the authors measured and did not print, the model’s median error is 6 %"
        in said
    )
    assert "A Ryzen fitted model 2 6 % 10 % 7 %" in said
    assert "A Ryzen authors 784-100-10 1,000" in said
    for name in ("model_error", "scaling", "parameters"):
        assert len(packed_table(site, f"{name}.csv")) > 1


def test_a_fitted_model_is_called_so_where_it_stands_beside_published_points(site: Path) -> None:
    said = text(site / PAPER)
    assert said.count("own program is fitted to what the paper prints.") == 2
    assert said.index("Time saved") < said.index("own program is fitted") < said.index("Confidence")


def test_experiment_without_records_is_said_to_be_not_run(site: Path) -> None:
    assert "Not run in this edition: there is no record of lost ." in text(site / PAPER)
    said = text(site / "provenance.html")
    assert "Accuracy and confidence, one network on all the data: 3 of 3 have no record." in said
    assert "Time, one merge at the end: 1 of 7 have no record." in said
    assert "48 of 48" not in said  # eight counts and three seeds make 24 a reading
    assert "24 of 24" in said


@pytest.mark.usefixtures("quick")
def test_diverged_runs_are_named_under_their_figure(
    tmp_path: Path, build: Build, tables: PaperTables
) -> None:
    runs = synthetic_site.provenance()["runs"]
    diverged = [
        run | {"status": "diverged"} if run["workers"] == 30 and run["seed"] != 2 else run
        for run in runs
    ]
    said = text(build(tmp_path, tables, runs=diverged) / PAPER)
    sentence = (
        f"Diverged and left out: {synthetic_site.BROADCAST}, 30 workers, seeds 1 and 3; "
        f"{synthetic_site.SHADOW}, 30 workers, seeds 1 and 3."
    )
    assert said.count("Diverged and left out") == 1
    assert said.index("Fig. 2") < said.index(sentence) < said.index("Fig. 3 Merged")


@pytest.mark.usefixtures("quick")
def test_an_exhibit_whose_runs_all_diverged_was_run(tmp_path: Path, build: Build) -> None:
    tables = synthetic_site.tables()
    tables.study.exhibits["fig4"]["metrics"] = ["seconds"]
    points = tables.exhibits[tables.exhibits["exhibit"] != "fig4"]
    timings = [t | {"status": "diverged"} for t in synthetic_site.provenance()["timings"]]
    said = text(build(tmp_path, replace(tables, exhibits=points), timings=timings) / PAPER)
    assert "Diverged and left out: one merge at the end, 1 worker; one merge" in said
    assert "no record of fig4" not in said


def test_the_stages_of_the_dag_are_told_with_their_jobs(site: Path) -> None:
    assert "publish writes these pages train 3" in text(site / "provenance.html")


def test_the_cost_is_told_by_study_and_stage(site: Path) -> None:
    said = text(site / "provenance.html")
    assert "shared by all 20.0 – – 20.0" in said
    assert "All 20.0 60.0 20.0 100.0 All, processor seconds 1.0 59.0 30.0 90.0" in said
    assert "Share 20 % 60 % 20 % 100 %" in said


def test_mixed_environments_are_named(site: Path) -> None:
    said = text(site / "provenance.html")
    assert "Mixed environments. The records were made under 2 different combinations" in said
    assert "9f2c00aa11bb" in said
    assert "77aa00cc22dd" in said


@pytest.mark.usefixtures("quick")
def test_files_of_the_authors_that_could_not_be_had_are_told_and_complete_is_complete(
    tmp_path: Path, build: Build
) -> None:
    told = "The summary stands for all 24 files: no file at <mirror> now."
    site = build(tmp_path, synthetic_site.tables(), absent=[told])
    said = text(site / "provenance.html")
    title = "Measurements of papers’ authors that were not fetched"
    assert f"{title} {told.replace('<', '&lt;').replace('>', '&gt;')}" in said
    assert "This report is incomplete" not in said
    assert title not in text(build(tmp_path / "had", synthetic_site.tables()) / "provenance.html")


def test_what_shows_no_runs_is_drawn_from_the_configuration(site: Path) -> None:
    html, said = (site / PAPER).read_text("utf-8"), text(site / PAPER)
    assert "learning rate Section 3 – 0.8 0.1 loss Section 3 – 1 softmax" in said
    assert "for each &lt;b&gt;:" in html
    assert '<li data-depth="1"><code>do it</code></li>' in html
    assert "What our code does, in our words: a/ b.py" in said
    assert 'alt="2 images of class 9, a &lt;nine&gt;"' in html
    assert html.count('src="images/digits-') == 10
    assert (site / "images/digits-9.png").read_bytes().startswith(b"\x89PNG")
    assert "Handwritten digits of scikit-learn: the first images of each class" in said
    assert "208 parameters, 8 maps of 24 × 24" in said
    for words in ("so that additions may get lost", "all wait for each other", "by a vote"):
        assert words in said


def test_what_a_paper_prints_beside_a_number_stands_beside_it(site: Path) -> None:
    assert "epoch 1 1,040 s 950 to 1,100 A Ryzen" in text(site / PAPER)


def test_parts_of_the_work_stand_beside_the_papers(site: Path) -> None:
    forward = f"share of the work that goes forward Section 4.1 {synthetic_site.RACE} 40 % 42 %"
    assert forward in text(site / PAPER)


def test_cross_checks_show_their_sums(site: Path) -> None:
    assert "updates: 480 updates = 60000 / 30 / 50 * 12" in text(site / PAPER)


def test_csv_holds_every_point_with_full_precision(site: Path) -> None:
    points = synthetic_site.tables().points("fig2").reset_index(drop=True)
    written = packed_table(site, f"{synthetic_site.ID}/fig2.csv")
    assert written["y"].tolist() == points["y"].tolist()
    assert len(written) == len(points)


@pytest.mark.usefixtures("quick")
def test_what_comes_from_the_configuration_is_escaped(tmp_path: Path, build: Build) -> None:
    mischief = "</script><script>alert(1)</script>"
    tables = synthetic_site.tables()
    study = tables.study
    assert study.citation
    assert study.model
    citation = structs.replace(study.citation, title=mischief)
    model = structs.replace(study.model, note=mischief)
    machines = synthetic_site.provenance()["machines"]
    machines["ryzen"]["title"] = mischief
    ambiguity = structs.replace(study.ambiguities[0], reading=mischief)
    tables = replace(
        tables,
        study=structs.replace(study, citation=citation, model=model, ambiguities=(ambiguity,)),
        exhibits=tables.exhibits.assign(series=mischief, where=mischief),
        claims=tables.claims.assign(statement=mischief, reason=mischief),
    )
    site = build(tmp_path, tables, machines=machines)
    for name in PAGES:
        html = (site / name).read_text("utf-8")
        assert "<script>alert" not in html
        assert "alert(1)" in html or name in (COMPARISON, "methods.html", "provenance.html")


@pytest.mark.usefixtures("quick")
def test_what_is_between_backticks_is_code(tmp_path: Path, build: Build) -> None:
    tables = synthetic_site.tables()
    stated = tables.claims.assign(statement="An object of `new<T>` is there.")
    html = (build(tmp_path, replace(tables, claims=stated)) / CLAIMS).read_text("utf-8")
    assert "An object of <code>new&lt;T&gt;</code> is there." in html


def test_pictures_escape_the_names_of_series() -> None:
    tables = synthetic_site.tables()
    points = tables.points("fig4").assign(panel="a < b", x_name="<b onclick='x'>")
    (panel,) = draw("time_by_workers", points, tables.study).with_pictures("fig4").figure.panels
    assert "<b " not in panel.picture


@pytest.mark.usefixtures("quick")
def test_empty_tables_make_a_site_that_says_so(tmp_path: Path, build: Build) -> None:
    tables = synthetic_site.tables()
    empty = replace(tables, **{name: getattr(tables, name).head(0) for name in TABLES})
    nothing: dict[str, list[Any]] = {
        name: [] for name in ("runs", "timings", "environments", "datasets")
    }
    site = build(tmp_path, empty, **nothing)
    assert text(site / PAPER).count("Not run in this edition") == 11
    assert "No claim of this paper was tested." in text(site / PAPER)
    assert "There are no records." in text(site / "provenance.html")


@pytest.mark.usefixtures("quick")
def test_evidence_leads_to_the_row_of_its_jobs_and_from_there_to_their_records(
    tmp_path: Path, build: Build, tables: PaperTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    site = build(Path("results/synthetic"), tables)
    fig2 = f"runs/{synthetic_site.ID}/fig2"
    anchor = fig2.replace("/", "-")
    assert f'<a href="provenance.html#{anchor}"><code>runs/<wbr>' in (site / PAPER).read_text()
    html = (site / "provenance.html").read_text("utf-8")
    assert f'id="{anchor}"' in html
    data = f"data/{synthetic_site.ID}/runs-fig2"
    assert f'<a href="{data}.zip"><code>' in html
    with ZipFile(site / f"{data}.zip") as packed:
        csv, rows = sorted(packed.namelist())
        wide = pd.read_csv(packed.open(csv))
        assert json.loads(packed.read(rows)) == json.loads(wide.to_json(orient="records"))
    last = wide[(wide["variant"] == "spmd-shadow") & (wide["seed"] == 3) & (wide["epoch"] == 1)]
    assert last[["test_accuracy", "confidence_top"]].to_numpy().tolist() == [[0.903, 0.803]]
    assert len(wide) == 2 * 3 * 2


@pytest.mark.usefixtures("quick")
def test_stale_pages_vanish_and_nothing_else_stays(
    tmp_path: Path, build: Build, tables: PaperTables
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "stale.html").touch()
    site = build(tmp_path, tables)
    assert not (site / "stale.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.usefixtures("quick")
def test_a_site_that_fails_leaves_the_old_one(
    tmp_path: Path, build: Build, tables: PaperTables
) -> None:
    site = build(tmp_path, tables)
    before = (site / PAPER).read_bytes()
    tables.study.exhibits["lost"]["chart"] = "pie"
    with pytest.raises(InputError, match="there is no 'pie'"):
        build(tmp_path, tables)
    assert (site / PAPER).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.usefixtures("quick")
def test_same_inputs_make_the_same_bytes(tmp_path: Path, build: Build) -> None:
    sites = [build(tmp_path / name, synthetic_site.tables()) for name in ("one", "two")]
    first, second = (
        {
            p.name: p.read_bytes()
            for p in (*site.glob("*.html"), *site.glob("data/*.*"), *site.glob("data/*/*"))
        }
        for site in sites
    )
    assert first == second
    drawn = [synthetic_site.drawn(synthetic_site.comparison()).figures for _ in range(2)]
    assert drawn[0] == drawn[1]


@pytest.mark.usefixtures("quick")
def test_command_publishes_what_the_tables_hold(tmp_path: Path) -> None:
    tables, comparison = synthetic_site.tables(), synthetic_site.comparison()
    for study in (tables, comparison):
        own = tmp_path / "tables" / study.id
        own.mkdir(parents=True)
        for name in TABLES:
            getattr(study, name).to_csv(own / f"{name}.csv", index=False)
    (tmp_path / "paper.json").write_bytes(msgspec.json.encode(tables.study))
    (tmp_path / "strategies.json").write_bytes(msgspec.json.encode(comparison.study))
    (tmp_path / "provenance.json").write_text(json.dumps(synthetic_site.provenance()))
    write_collection(tmp_path / "digits.json", "gallery", synthetic_site.gallery_record())
    failed = failure("gallery/mnist", "needs datasets/mnist")
    write_collection(tmp_path / "mnist.json", "gallery", failed)
    files = [f"--provenance={tmp_path}/provenance.json", f"--papers={tmp_path}/paper.json"]
    files += [f"--comparisons={tmp_path}/strategies.json", "--galleries"]
    files += [f"{tmp_path}/digits.json", f"{tmp_path}/mnist.json"]
    for name, study in (("paper", tables), ("strategies", comparison)):
        chosen = [f"--paper={tmp_path}/{name}.json", f"--output={tmp_path}/figures/{study.id}"]
        assert (
            main(["charts", *chosen, f"--exhibits={tmp_path}/tables/{study.id}/exhibits.csv"]) == 0
        )
    made = [f"--{part}={tmp_path}/{part}" for part in ("tables", "figures")]
    out = [*made, f"--output={tmp_path}/site"]
    assert main(["publish", *files, *out, f"--stamp={tmp_path}/site/.published"]) == 0
    assert (tmp_path / "site/.published").exists()
    assert "needs datasets/ mnist gallery/ mnist" in text(tmp_path / "site/provenance.html")
    assert "94.5 % 94.98 % 94.38 to 95.58" in text(tmp_path / "site" / PAPER)
    assert "−3.2 −3.3 to −3.1, 12 × as fast" in text(tmp_path / "site" / COMPARISON)
    assert len(pd.read_csv(tmp_path / "site/data/claims.csv")) == len(tables.claims)


def test_numbers_are_printed_as_readers_write_them() -> None:
    assert quantity(0.945, "fraction") == "94.5\N{NO-BREAK SPACE}%"
    assert quantity(1.0, "epochs") == "1\N{NO-BREAK SPACE}epoch"
    assert quantity(-0.98) == "−0.98"
    assert quantity(60000) == "60,000"
    assert quantity(2009, "year") == "2009"
    assert quantity("never") == "never"
    assert (quantity(None), in_column(float("nan"))) == ("–", "–")
    assert in_column(0.5, "fraction") == "50.00"


def test_intervals_end_at_the_whole_in_print_alone() -> None:
    assert within_whole((0.965, 1.02), 0.99, "fraction") == (0.965, 1)
    assert within_whole((-0.1, 0.3), 0.1, "fraction") == (0, 0.3)
    assert within_whole((1.4, 1.46), 1.43, "fraction") == (1.4, 1.46)  # no probability
    assert within_whole((0.9, 1.1), 1.0, "s") == (0.9, 1.1)


@pytest.mark.usefixtures("quick")
def test_no_page_prints_more_than_the_whole(tmp_path: Path, build: Build) -> None:
    tables = synthetic_site.tables()
    exhibits = tables.exhibits.assign(upper=tables.exhibits["upper"] + 0.2)
    claims = tables.claims.assign(
        interval=tables.claims["interval"].replace("[0.945, 0.957]", "[0.945, 1.02]")
    )
    site = build(tmp_path, replace(tables, exhibits=exhibits, claims=claims))
    assert "94.38 to 100.00" in text(site / PAPER)
    assert "94.5 to 100 %" in text(site / CLAIMS)
    written = packed_table(site, f"{synthetic_site.ID}/fig2.csv")
    assert written["upper"].max() > 1


@pytest.mark.usefixtures("quick")
def test_images_that_could_not_be_had_are_missing_and_the_exhibit_says_so(tmp_path: Path) -> None:
    failed = Found[GalleryRecord](failures={"gallery/digits": "the disk is full"})
    tables = synthetic_site.tables()
    publish(synthetic_site.provenance(), [tables], tmp_path / "site", failed)
    assert "This report is incomplete: 1 result could not be made." in text(
        tmp_path / "site/index.html"
    )
    assert "the disk is full gallery/ digits" in text(tmp_path / "site/provenance.html")
    assert "The images of Handwritten digits of scikit-learn are missing" in text(
        tmp_path / "site" / PAPER
    )
