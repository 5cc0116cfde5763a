"""What the made-up site in particular must show; what every page must is in test_every_page.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import synthetic_site
from visit import Visit

from reports.exhibits.difference import difference
from reports.exhibits.registry import KINDS

PAPER = f"{synthetic_site.ID}.html"
COMPARISON = "strategies.html"
HARDWARE = "hardware.html"
SCHEMES = ("light", "dark")

Open = Callable[..., Visit]


def _panels() -> int:
    """Count the panels of all the figures that the made-up tables make, and of how far these are from print."""
    tables = synthetic_site.tables()
    points = {name: tables.points(name) for name in tables.study.exhibits}
    figures = (
        KINDS.named(tables.study.exhibits[name]["chart"]).draw(rows, tables.study)
        for name, rows in points.items()
        if not rows.empty
    )
    apart = [(figure, difference(figure)) for figure in figures]
    return sum(len(each.panels) for pair in apart for each in pair if each)


@pytest.mark.parametrize(
    ("name", "charts"),
    [("index.html", 4), (PAPER, _panels() + 1), (COMPARISON, 2 + 3 + 2), (HARDWARE, 7)],
)
def test_every_exhibit_is_drawn(visit: Open, name: str, charts: int) -> None:
    assert visit(name).page.locator(".chart svg.marks").count() == charts


def test_published_points_have_their_own_shape(visit: Open) -> None:
    page = visit(PAPER).page
    shapes = page.locator("#fig2 .panel:first-child .mark-symbol path").evaluate_all(
        "paths => [...new Set(paths.map(path => path.getAttribute('d').includes('A')))]"
    )
    assert sorted(shapes) == [False, True]  # circles are arcs, diamonds are not
    assert page.locator("#fig2 .legend").get_by_text("published").count() == 1


def test_a_series_of_published_points_alone_has_their_shape_in_the_legend(visit: Open) -> None:
    legend = visit(PAPER).page.locator("#workers .legend")
    published = legend.get_by_role("button", name="published")
    assert published.locator("path").count() == 1
    assert published.locator("line").count() == 0
    assert legend.get_by_text("published").count() == 1


def test_published_bars_are_hollow_and_as_long_as_they_say(visit: Open) -> None:
    page = visit(PAPER).page
    bars = page.locator("#profile .shown > .figure .mark-rect path").evaluate_all(
        "paths => paths.map(p => [getComputedStyle(p).fill, getComputedStyle(p).stroke, p.getBBox().width])"
    )
    ours, theirs = bars[:3], bars[3:]
    surface = page.locator("#profile .shown > .figure").evaluate(
        "f => getComputedStyle(f).backgroundColor"
    )
    assert all(fill != surface for fill, _, _ in ours)
    assert all(fill == surface and stroke not in (fill, "none") for fill, stroke, _ in theirs)
    # The paper's 40 % beside our 42 %.
    assert theirs[0][2] / ours[0][2] == pytest.approx(0.4 / 0.42, rel=0.01)


def test_images_are_shown_and_say_what_they_are_of(visit: Open) -> None:
    images = visit(PAPER).page.locator("#images img")
    assert images.count() == 10
    widths = images.evaluate_all("all => all.map(image => image.naturalWidth)")
    assert widths == [2 * 28 + 2] * 10
    alts = images.evaluate_all("all => all.map(image => image.alt)")
    assert alts[0] == "2 images of class 0"
    assert alts[9] == "2 images of class 9, a <nine>"


@pytest.mark.parametrize("width", [1280, 390])
def test_every_label_of_a_diagram_fits_into_its_box(visit: Open, width: int) -> None:
    page = visit(PAPER, width=width).page
    outside = page.locator(".diagram g:has(rect)").evaluate_all(
        """groups => groups.flatMap(group => {
          const box = group.querySelector('rect').getBBox();
          return [...group.querySelectorAll('text')].filter(text => {
            const own = text.getBBox();
            return own.x < box.x || own.x + own.width > box.x + box.width
              || own.y < box.y || own.y + own.height > box.y + box.height;
          }).map(text => text.textContent);
        })"""
    )
    assert outside == []
    figures = page.locator(".diagram svg[role=img]")
    assert figures.count() == 1 + len(synthetic_site.DIVIDED) + 2
    for figure in figures.all():
        words = page.locator(f"#{figure.get_attribute('aria-labelledby')}")
        assert len(words.inner_text()) > 60


def test_steps_are_numbered_and_indented(visit: Open) -> None:
    steps = visit(PAPER).page.locator("#steps .listing li")
    lefts = steps.locator("code").evaluate_all(
        "all => all.map(c => c.getBoundingClientRect().left)"
    )
    assert steps.count() == 2
    assert lefts[1] > lefts[0]


def test_an_address_opens_what_it_names(visit: Open) -> None:
    page = visit(PAPER, drawn=False).page
    opened = "exhibit => exhibit.closest('details').open"
    assert not page.locator("#fig3").evaluate(opened)
    page.evaluate("location.hash = 'fig3'")
    page.wait_for_function("document.getElementById('fig3').closest('details').open")
    assert page.locator("#fig3").evaluate("exhibit => exhibit.getBoundingClientRect().height") > 0


def test_figures_say_what_they_show(visit: Open) -> None:
    page = visit(PAPER).page
    words = page.locator("#fig2 .chart").first.get_attribute("aria-label")
    assert "Published, 30 child networks: 94.5\N{NO-BREAK SPACE}% at 12." in words
    assert page.locator("figure[data-figure]:not(:has(figcaption))").count() == 0


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_and_charts_follow_the_colour_scheme(visit: Open, scheme: str) -> None:
    page = visit(PAPER, color_scheme=scheme).page
    colour = "([selector, name]) => getComputedStyle(document.querySelector(selector))[name]"
    background = _luminance(page.evaluate(colour, ["html", "backgroundColor"]))
    assert (background > 0.5) == (scheme == "light")
    for selector, name in (
        ("body", "color"),
        (".note", "color"),
        (".chart .mark-text.role-axis-title text", "fill"),
        (".chart .mark-text.role-axis-label text", "fill"),
    ):
        assert _contrast(background, _luminance(page.evaluate(colour, [selector, name]))) >= 4.5


def test_colours_change_with_the_scheme_without_redrawing(visit: Open) -> None:
    page = visit(PAPER, color_scheme="light").page
    line = "getComputedStyle(document.querySelector('.chart .mark-line path')).stroke"
    before = page.evaluate(line)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(line) != before


def test_legend_hides_and_shows_a_series_by_keyboard(visit: Open) -> None:
    page = visit(PAPER).page
    lines = page.locator("#fig2 .mark-line path")
    button = page.locator("#fig2 .legend").get_by_role("button", name="30 child networks")
    assert lines.count() == 16
    button.focus()
    page.keyboard.press("Space")
    assert button.get_attribute("aria-pressed") == "false"
    page.wait_for_function("document.querySelectorAll('#fig2 .mark-line path').length === 14")
    page.keyboard.press("Space")
    page.wait_for_function("document.querySelectorAll('#fig2 .mark-line path').length === 16")


@pytest.mark.parametrize(
    ("name", "starts"),
    [
        ("SVG", b"<svg"),
        ("PNG", b"\x89PNG"),
        ("CSV", b"name,x,y,"),
        ("Vega-Lite", b'{\n "$schema": "https://vega.github.io/'),
    ],
)
def test_a_chart_can_be_saved_to_stand_on_its_own(visit: Open, name: str, starts: bytes) -> None:
    page = visit(PAPER).page
    panel = page.locator("#fig2 .panel").first
    panel.locator(".save summary").click()
    with page.expect_download() as download:
        panel.get_by_role("button", name=name, exact=True).click()
    saved = Path(download.value.path()).read_bytes()
    assert saved.startswith(starts)
    assert b"var(--" not in saved
    if name in ("SVG", "Vega-Lite"):
        assert b"30 child networks" in saved
        assert b"Fig. 2 Accuracy by child networks" in saved
    assert download.value.suggested_filename.startswith("kalwarowskyj_schikuta-fig2-1.")


def test_a_table_can_be_saved_as_csv_and_latex(visit: Open) -> None:
    page = visit("index.html").page
    page.get_by_text("The counts as a table").click()
    page.locator("details > .scroll + .save summary").first.click()
    saved = {}
    for name in ("CSV", "LaTeX"):
        with page.expect_download() as download:
            page.locator("details > .scroll + .save").first.get_by_role("button", name=name).click()
        saved[name] = Path(download.value.path()).read_text(encoding="utf-8")
    assert saved["CSV"].splitlines()[2] == "Kalwarowskyj & Schikuta,0,1,0,1,0,2,0,0"
    assert "Kalwarowskyj \\& Schikuta & 0 & 1 & 0 & 1 & 0 & 2 & 0 & 0 \\\\" in saved["LaTeX"]
    assert "\\caption{Claims by paper and verdict}" in saved["LaTeX"]


def test_tooltip_names_the_source(visit: Open) -> None:
    page = visit(PAPER).page
    page.locator("#fig4 .mark-symbol path").first.hover()
    tooltip = page.locator("#vg-tooltip-element.visible")
    tooltip.wait_for()
    assert "measured" in tooltip.inner_text()


def test_points_of_a_trade_off_say_their_workers(visit: Open) -> None:
    panel = visit(COMPARISON).page.locator("#trade-off .panel").first
    labels = panel.locator(".mark-text.role-mark text").all_text_contents()
    assert sorted(labels) == ["1", "16", "16", "2", "2"]


def test_measured_and_modelled_are_told_apart_by_shape_dash_and_word(visit: Open) -> None:
    page = visit(HARDWARE).page
    figure = page.locator("figure[aria-label='Speed-up by workers on every machine']")
    legend = figure.locator(".sources")
    for word in ("measured", "modelled", "hollow: more workers than hardware threads"):
        assert legend.get_by_text(word, exact=True).count() == 1
    dashes = figure.locator(".mark-line path").evaluate_all(
        "paths => paths.map(path => path.getAttribute('stroke-dasharray'))"
    )
    assert sorted(dashes) == ["1,0", "5,4", "5,4"]
    figure.locator(".mark-symbol path").last.hover()  # the cross of what was noisy
    tooltip = page.locator("#vg-tooltip-element.visible")
    tooltip.wait_for()
    assert "measured" in tooltip.inner_text()
    assert "noisy" in tooltip.inner_text()


def test_claims_are_chosen_and_the_address_remembers(visit: Open) -> None:
    page = visit("claims.html").page
    status = page.get_by_role("status")
    assert status.inner_text() == "6 of 6 claims shown"
    page.locator("select[name=verdict]").select_option("trend only")
    assert status.inner_text() == "2 of 6 claims shown"
    page.get_by_label("Words").fill("ks-c26")
    assert status.inner_text() == "1 of 6 claims shown"
    assert page.locator("details.claim:visible").evaluate_all("all => all.map(c => c.id)") == [
        "KS-C26"
    ]
    assert "verdict=trend+only" in page.url
    page.reload()
    assert status.inner_text() == "1 of 6 claims shown"
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function("document.querySelector('[role=status]').textContent.startsWith('6')")
    assert "?" not in page.url


def test_claims_are_ordered(visit: Open) -> None:
    page = visit("claims.html").page
    ids = "all => all.map(claim => claim.id)"
    claims = page.locator("details.claim")
    page.locator("select[name=sort]").select_option("away")
    assert claims.evaluate_all(ids)[:3] == ["KS-C06", "KS-C07", "KS-C26"]
    page.locator("select[name=sort]").select_option("")
    assert claims.evaluate_all(ids)[0] == "KS-C05"


def test_an_address_opens_its_claim_with_what_failed_first(visit: Open) -> None:
    page = visit("claims.html").page
    page.evaluate("location.hash = 'KS-C06'")
    page.wait_for_function("document.getElementById('KS-C06').open")
    why = page.locator("#KS-C06 .why")
    assert why.is_visible()
    assert why.get_by_role("link", name="Fig. 2").get_attribute("href") == f"{PAPER}#fig2"


def test_a_claim_can_be_cited(visit: Open) -> None:
    copied = """window.copied = [];
    const writeText = async text => copied.push(text);
    Object.defineProperty(navigator, 'clipboard', { value: { writeText } });"""
    page = visit("claims.html", before=copied).page
    page.locator("#KS-C05 > summary").click()
    for name in ("Copy link", "Copy BibTeX", "Copy command"):
        page.locator("#KS-C05").get_by_role("button", name=name).click()
    page.wait_for_function("copied.length === 3")
    link, bibtex, command = page.evaluate("copied")
    assert link.endswith("/claims.html#KS-C05")
    assert bibtex.startswith("@misc{pnn-reproduction-KS-C05,")
    assert link in bibtex
    assert command.startswith(".venv/bin/snakemake --cores all")


@pytest.mark.parametrize(("width", "height"), [(1280, 44), (390, 110)])
def test_a_claim_takes_a_row(visit: Open, width: int, height: int) -> None:
    rows = visit("claims.html", width=width).page.locator("summary.claim-row")
    heights = rows.evaluate_all("all => all.map(row => row.getBoundingClientRect().height)")
    assert all(44 <= each <= height + 1 for each in heights), heights


def test_on_paper_everything_is_open(visit: Open) -> None:
    page = visit("claims.html").page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not(.save):not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.claim[open]").count() == 0


def test_charts_are_drawn_when_they_come_into_view(visit: Open) -> None:
    page = visit(PAPER, drawn=False).page
    page.wait_for_timeout(500)
    drawn = page.locator(".chart svg.marks").count()
    assert drawn < page.locator(".chart").count()


def _luminance(colour: str) -> float:
    channels = [int(number) / 255 for number in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
