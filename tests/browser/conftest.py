"""A built site and a headless Chromium to read it with."""

from __future__ import annotations

import mimetypes
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Route, ViewportSize, sync_playwright
from visit import Visit

# The made-up inputs of the site are shared with the unit tests, which are no package.
sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))

import synthetic_site

from reports.pages.site import publish

PAPER = f"{synthetic_site.ID}.html"
PAGES = (
    "index.html",
    PAPER,
    "strategies.html",
    "claims.html",
    "readings.html",
    "hardware.html",
    "methods.html",
    "provenance.html",
)

HOST = "http://site.test"
POLICY = {"Content-Security-Policy": "default-src 'self'"}

# Charts are drawn when they come into view, also those that are folded. False if the browser makes no frame for so many
# milliseconds.
SEE_ALL = """async (patience) => {
  for (const folded of document.querySelectorAll('details:has(.chart, .diagram)')) folded.open = true;
  const seen = () => new Promise(done => {
    requestAnimationFrame(() => setTimeout(() => done(true)));
    setTimeout(() => done(false), patience);
  });
  for (const figure of document.querySelectorAll('[data-figure]')) {
    figure.scrollIntoView();
    if (!(await seen() && await seen())) return false;
  }
  scrollTo(0, 0);
  return true;
}"""
PATIENCE = 15_000
ATTEMPTS = 3
"""On a busy machine Chromium at times stops making frames for a page, for good; another page of the same it draws."""

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--site",
        action="append",
        default=[],
        type=Path,
        metavar="FOLDER",
        help="a built site to test besides the made-up one, such as results/paper/site",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what takes a `page_file` on every page of every site."""
    if "page_file" not in metafunc.fixturenames:
        return
    pages: list[Path] = [Path(name) for name in PAGES]
    # The option is known where these tests are called for by name, not where all tests are.
    for site in metafunc.config.getoption("--site", []):
        found = sorted(site.resolve().glob("*.html"))
        if not found:
            raise pytest.UsageError(
                f"--site {site}: holds no page; name the folder of a built site"
            )
        pages += found
    metafunc.parametrize(
        "page_file", pages, indirect=True, ids=["/".join(page.parts[-4:]) for page in pages]
    )


@pytest.fixture
def page_file(request: pytest.FixtureRequest, site: Path) -> Path:
    """Return the file of a page; those of the made-up site are named alone."""
    page: Path = site / request.param
    return page


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results") / "site"
    papers, comparisons = (
        [synthetic_site.drawn(study)]
        for study in (synthetic_site.tables(), synthetic_site.comparison())
    )
    publish(synthetic_site.provenance(), papers, folder, synthetic_site.albums(), comparisons)
    return folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        if "CI" in os.environ:
            pytest.fail(
                f"no browser: none of {', '.join(NAMES)} is installed, and CI must test the pages"
            )
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


def _serve(route: Route, folder: Path) -> None:
    path = folder / urlsplit(route.request.url).path.lstrip("/")
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    route.fulfill(path=path, headers=POLICY, content_type=kind)


@pytest.fixture
def visit(chromium: Browser, site: Path) -> Iterator[Callable[..., Visit]]:
    """Open a page of the site: its file, and any options of the browser's context.

    It is opened from disk, or `served` under a strict policy; `before` is run before its scripts, a file may be
    `blocked`, and unless its charts cannot be `drawn`, all of them are.
    """
    contexts = []

    def open_page(
        name: str | Path,
        *,
        width: int = 1280,
        script: bool = True,
        served: bool = False,
        before: str = "",
        blocked: str = "",
        drawn: bool = True,
        **options: Any,
    ) -> Visit:
        file = site / name
        viewport: ViewportSize = {"width": width, "height": 900}

        def opened() -> Visit:
            context = chromium.new_context(viewport=viewport, java_script_enabled=script, **options)
            contexts.append(context)
            visit = Visit(context.new_page())
            visit.page.on("console", lambda message: visit.messages.append(message.text))
            visit.page.on("pageerror", lambda error: visit.messages.append(str(error)))
            visit.page.on("request", lambda request: visit.requests.append(request.url))
            if before:
                visit.page.add_init_script(before)
            if blocked:
                context.route(f"**/{blocked}", lambda route: route.abort())
            if served:
                context.route(f"{HOST}/**", lambda route: _serve(route, file.parent))
            visit.page.goto(f"{HOST}/{file.name}" if served else file.as_uri())
            return visit

        if not (script and drawn):
            return opened()
        for _ in range(ATTEMPTS):
            visit = opened()
            if visit.page.evaluate(SEE_ALL, PATIENCE):
                visit.page.wait_for_function(
                    "[...document.querySelectorAll('.chart')].every(chart => chart.querySelector('svg.marks'))"
                )
                return visit
        pytest.fail(f"Chromium made no frames of {file.name}, {ATTEMPTS} times")

    yield open_page
    for context in contexts:
        context.close()
