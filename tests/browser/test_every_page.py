"""What must hold of every page of every site: of the made-up one, and of those that ``--site`` names."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page
from visit import Visit

SCHEMES = ("light", "dark")
MARKS = ", ".join(
    f".role-mark.{kind}"
    for kind in ("mark-line path", "mark-symbol path", "mark-rect path", "mark-rule line")
)
"""What data are drawn with, unlike axes."""
SIGNATURES = {
    "SVG": b"<svg",
    "PNG": b"\x89PNG",
    "CSV": b"",
    "Vega-Lite": b'{\n "$schema": "https://vega.github.io/',
}

Open = Callable[..., Visit]


def unfold(page: Page) -> None:
    """Open all that a reader can open."""
    page.evaluate(
        "document.querySelectorAll('details').forEach(details => { details.open = true })"
    )


def unfold_by_hand(page: Page) -> None:
    """Open what holds pictures, where no script runs."""
    for summary in page.locator("details:has(.picture) > summary").all():
        summary.click()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_it_opens_without_a_message_and_asks_the_network_for_nothing(
    visit: Open, page_file: Path, scheme: str
) -> None:
    seen = visit(page_file, color_scheme=scheme)
    seen.page.wait_for_load_state("networkidle")
    assert seen.messages == []
    own = (page_file.parent.as_uri(), "data:")
    assert all(url.startswith(own) for url in seen.requests), seen.requests


def test_every_chart_is_drawn_with_marks_and_says_in_words_what_it_shows(
    visit: Open, page_file: Path
) -> None:
    for chart in visit(page_file).page.locator(".chart").all():
        words = chart.get_attribute("aria-label") or ""
        assert len(words) > 40
        assert chart.locator(MARKS).count() > 0, words


def test_every_legend_hides_a_series_and_shows_it_again(visit: Open, page_file: Path) -> None:
    page = visit(page_file).page
    for figure in page.locator("figure[data-figure]:has(button[data-series])").all():
        button = figure.locator("button[data-series]").first
        shown = _marks(figure)
        button.click()
        page.wait_for_timeout(100)
        assert button.get_attribute("aria-pressed") == "false"
        assert _marks(figure) < shown, figure.get_attribute("aria-label")
        button.click()
        page.wait_for_timeout(100)
        assert _marks(figure) == shown


def test_its_first_chart_can_be_saved_in_every_format(visit: Open, page_file: Path) -> None:
    page = visit(page_file).page
    for panel in page.locator(".panel").all()[:1]:
        panel.locator(".save summary").click()
        for name, start in SIGNATURES.items():
            with page.expect_download() as download:
                panel.get_by_role("button", name=name, exact=True).click()
            saved = Path(download.value.path()).read_bytes()
            assert len(saved) > 100
            assert saved.startswith(start)
            assert b"var(--" not in saved


def test_its_headings_descend_without_a_gap(visit: Open, page_file: Path) -> None:
    headings = visit(page_file).page.locator("h1, h2, h3, h4")
    levels = headings.evaluate_all("all => all.map(heading => Number(heading.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_its_tables_have_captions(visit: Open, page_file: Path) -> None:
    assert visit(page_file).page.locator("table:not(:has(caption))").count() == 0


def test_it_does_not_scroll_sideways_on_a_phone(visit: Open, page_file: Path) -> None:
    page = visit(page_file, width=390).page
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_no_serious_violation(visit: Open, page_file: Path, scheme: str) -> None:
    page = visit(page_file, color_scheme=scheme).page
    unfold(page)
    found = Axe().run(page).response["violations"]
    serious = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in serious] == []


def test_every_link_leads_somewhere(visit: Open, page_file: Path) -> None:
    anchors = visit(page_file).page.locator("a")
    for href in set(anchors.evaluate_all("all => all.map(a => a.getAttribute('href'))")):
        address, _, anchor = href.partition("#")
        file = address.partition("?")[0]
        target = page_file.parent / (file or page_file.name)
        assert target.exists(), href
        assert not anchor or f'id="{anchor}"' in target.read_text(encoding="utf-8"), href


def test_without_scripts_pictures_and_tables_are_there(visit: Open, page_file: Path) -> None:
    page = visit(page_file, script=False).page
    unfold_by_hand(page)
    pictures = page.locator(".panel .picture svg").all()
    assert len(pictures) == page.locator(".chart").count()
    assert all(picture.is_visible() and picture.locator("path").count() for picture in pictures)
    assert page.locator(".chart:visible").count() == 0


@pytest.mark.parametrize(
    "hindered",
    [{"before": "delete window.DecompressionStream"}, {"blocked": "vega.js"}, {"blocked": "*.js"}],
    ids=["no-unpacking", "no-vega", "no-scripts"],
)
def test_where_a_script_fails_pictures_stand(
    visit: Open, page_file: Path, hindered: dict[str, str]
) -> None:
    page = visit(page_file, drawn=False, **hindered).page
    unfold(page)
    page.wait_for_timeout(100)
    pictures = page.locator(".panel .picture svg").all()
    assert len(pictures) == page.locator(".chart").count()
    assert all(picture.is_visible() for picture in pictures)


def test_under_a_strict_policy_nothing_is_missing(visit: Open, page_file: Path) -> None:
    seen = visit(page_file, served=True)
    seen.page.wait_for_load_state("networkidle")
    assert seen.messages == []
    images = seen.page.locator("img").evaluate_all("all => all.map(image => image.naturalWidth)")
    assert all(images)


def _marks(figure: Locator) -> int:
    return figure.locator(MARKS).count()
