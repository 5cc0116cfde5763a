"""The site: pages of tables, verdicts and provenance that open from disk and need no network."""

from __future__ import annotations

import argparse
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from msgspec import to_builtins

from records.atomic import replacing, write_text
from records.kinds.gallery import GalleryRecord
from reports.arguments import add_sources, add_stamp
from reports.bundle.zip_file import write_archive
from reports.exhibits import theme
from reports.exhibits.gallery import read_albums, strips
from reports.exhibits.quantity import percent, quantity
from reports.exhibits.specification import VEGA_LITE
from reports.files import read_json
from reports.pages.answers import answers
from reports.pages.claim_view import ClaimView, badge, claim_views
from reports.pages.claims_page import chosen_by, claims_page
from reports.pages.exhibit_view import exhibit_views
from reports.pages.experiment_data import archives
from reports.pages.finding_view import finding_views
from reports.pages.hardware_page import hardware
from reports.pages.host_errors import host_errors, judged
from reports.pages.index_page import index, strip
from reports.pages.machine_view import machine_sentence
from reports.pages.page_chart import PageCharts, shared_script
from reports.pages.paper_tables import PaperTables, joined, read_whole
from reports.pages.provenance_page import provenance_page
from reports.pages.readings_page import readings_page
from reports.pages.registration import changed_verdicts, registration
from reports.tables.collections import Found
from reports.tables.tidy import csv_of, write_table
from reports.verdicts.readings import readings
from reports.verdicts.rule import NOT_TESTABLE, VERDICTS
from reports.verdicts.scoreboard import headline_verdicts, scoreboard

ASSETS: Final = Path(__file__).parents[1] / "assets"
CODE: Final = re.compile(r"`([^`]+)`")
"""Parts of texts that are code."""

BUNDLE: Final = "window.vegaEmbed = vegaEmbed;"

CONFIDENCE: Final = {
    "top": "the mean of the largest output over the test samples",
    "true_class": "the mean output of the true class over the test samples",
    "top_correct": "the mean of the largest output over the correctly classified test samples",
}

NO_ALBUMS: Final[Found[GalleryRecord]] = Found()

TAKEAWAYS: Final = 3
"""So many findings stand at the head of a paper's page."""

Json = Mapping[str, Any]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``python -m reports publish``."""
    add_sources(parser)
    parser.add_argument(
        "--figures",
        required=True,
        type=Path,
        metavar="FOLDER",
        help="folder that holds the figures, as <paper>/<exhibit>.json",
    )
    parser.add_argument(
        "--output", required=True, type=Path, metavar="FOLDER", help="folder of the site"
    )
    add_stamp(parser)


def run(arguments: argparse.Namespace) -> None:
    """Write the site."""
    papers, comparisons = (
        [read_whole(path, arguments.tables, arguments.figures) for path in paths]
        for paths in (arguments.papers, arguments.comparisons)
    )
    albums = read_albums(arguments.galleries)
    publish(read_json(arguments.provenance), papers, arguments.output, albums, comparisons)
    if arguments.stamp:
        write_text(arguments.stamp, "")


def publish(
    provenance: Json,
    papers: Sequence[PaperTables],
    output: Path,
    albums: Found[GalleryRecord] = NO_ALBUMS,
    comparisons: Sequence[PaperTables] = (),
    site: Path | None = None,
) -> None:
    """Write the site, all of it or none.

    Parameters
    ----------
    provenance
        The content of ``provenance.json``.
    papers
        The papers with their tables and figures.
    output
        The folder of the site, which is replaced.
    albums
        Images of the datasets that exhibits show; those that could not be made count as missing results.
    comparisons
        The comparisons with their tables and figures: each has a page, but is not counted among the papers.
    site
        The folder that paths of records are relative to, if not `output`.
    """
    by_name = {album.dataset: album for album in albums.records}
    provenance = {**provenance, "missing": {**provenance["missing"], **albums.failures}}
    with replacing(output) as folder:
        (folder / ".nojekyll").touch()  # GitHub Pages then serves the files unchanged
        _write_assets(folder / "assets")
        _write_images(folder, albums.records)
        _write_data(folder / "data", provenance, papers, comparisons)
        pages = _pages(provenance, papers, comparisons, site or output, by_name)
        for name, page in pages.items():
            (folder / name).write_text(page, encoding="utf-8")


def _write_assets(folder: Path) -> None:
    shutil.copytree(ASSETS, folder)
    (folder / "theme.css").write_text(theme.style_sheet(), encoding="utf-8")
    (folder / "charts.js").write_text(shared_script(), encoding="utf-8")
    bundle = vl_convert.javascript_bundle(BUNDLE, vl_version=VEGA_LITE)
    (folder / "vega.js").write_text(bundle, encoding="utf-8")


def _write_images(folder: Path, albums: Iterable[GalleryRecord]) -> None:
    for image in (image for album in albums for image in strips(album)):
        path = folder / image.file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(image.content)


def _write_data(
    folder: Path,
    provenance: Json,
    papers: Sequence[PaperTables],
    comparisons: Sequence[PaperTables],
) -> None:
    """Write the tables behind the pages: claims, findings and readings as CSV, the others in archives."""
    for name in ("claims", "findings"):
        write_table(joined([*papers, *comparisons], name), folder / f"{name}.csv")
    write_table(readings(paper.study for paper in papers), folder / "readings.csv")
    members = _members(provenance, papers, comparisons)
    write_archive({name: text.encode() for name, text in members}, folder / "tables.zip")
    for study in (*papers, *comparisons):
        for name, files in archives(study):
            write_archive(files, folder.parent / name)


def _members(
    provenance: Json, papers: Sequence[PaperTables], comparisons: Sequence[PaperTables]
) -> Iterator[tuple[str, str]]:
    """Yield the name and text of each file in the archive of tables."""
    for each in (*papers, *comparisons):
        for name, points in each.exhibits.groupby("exhibit", sort=False):
            yield f"{each.id}/{name}.csv", csv_of(points)
        yield f"{each.id}/configuration.json", _json(to_builtins(each.study))
    for name in ("epochs", "timings", "model_error", "scaling", "parameters"):
        yield f"{name}.csv", csv_of(joined([*papers, *comparisons], name))
    for name in ("runs", "timings", "cost"):
        yield f"provenance/{name}.csv", csv_of(pd.DataFrame(provenance[name]))
    yield "provenance/provenance.json", _json(provenance)


def _json(content: Json) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _pages(
    provenance: Json,
    papers: Sequence[PaperTables],
    comparisons: Sequence[PaperTables],
    site: Path,
    albums: Mapping[str, GalleryRecord],
) -> dict[str, str]:
    """Render the pages, by file name."""
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        breakable=_breakable, coded=_coded, percent=percent, quantity=quantity
    )
    environment.globals.update(
        edition=provenance["edition"],
        version=provenance["version"],
        papers=papers,
        comparisons=comparisons,
        answers=answers(each.study for each in [*papers, *comparisons]),
        badge=badge,
        sources=list(theme.SHAPES),
        chosen_by=chosen_by,
        verdicts=VERDICTS,
        incomplete=len(provenance["missing"]),
        code=provenance["code"],
        machine=machine_sentence(provenance),
    )
    render = {
        "index.html": index(papers, comparisons, site),
        "claims.html": claims_page([*papers, *comparisons], provenance, site),
        "readings.html": readings_page(papers),
        "hardware.html": hardware(provenance, papers),
        "methods.html": {
            "measured_by_authors": [paper.name for paper in papers if paper.study.authors]
        },
        "provenance.html": provenance_page(provenance, [*papers, *comparisons]),
    }
    pages = {
        name: environment.get_template(f"{name}.j2").render(
            page=name, charts=PageCharts(), **context
        )
        for name, context in render.items()
    }
    template = environment.get_template("paper.html.j2")
    for paper in papers:
        context = _paper(paper, provenance, site, albums)
        name = f"{paper.id}.html"
        pages[name] = template.render(page=name, charts=PageCharts(), **context)
    template = environment.get_template("comparison.html.j2")
    for comparison in comparisons:
        context = _comparison(comparison, provenance, site, albums)
        name = f"{comparison.id}.html"
        pages[name] = template.render(page=name, charts=PageCharts(), **context)
    return pages


def _paper(
    paper: PaperTables, provenance: Json, site: Path, albums: Mapping[str, GalleryRecord]
) -> dict[str, Any]:
    claims = claim_views(paper.claims, paper.study, site)
    views = exhibit_views(paper, provenance, site, albums)
    findings = finding_views(paper.findings, paper.study, site)
    confident = paper.exhibits["y_name"].astype(str).str.startswith("confidence").any()
    return {
        "paper": paper.study,
        "name": paper.name,
        "exhibits": views,
        "takeaways": [finding for finding in findings if finding.shown][:TAKEAWAYS],
        "strip": strip(paper.claims, {paper.id: paper.name}),
        "claims": claims,
        "claims_by_exhibit": _by_exhibit(claims),
        "findings": findings,
        "left_out": list(paper.study.left_out.values()),
        "labels": {view.name: view.label for view in views},
        "titles": {view.name: view.title for view in views},
        "confidence": CONFIDENCE[paper.study.confidence] if confident else "",
        **_registration(paper),
        "counts": _counts(paper),
    }


def _registration(tables: PaperTables) -> dict[str, str]:
    """Say when the judged claims of a study were written, and which an earlier rule judged otherwise."""
    headline = headline_verdicts(tables.claims)
    tested = headline[headline["verdict"] != NOT_TESTABLE]
    verdicts = dict(zip(headline["id"], headline["verdict"], strict=True))
    return {
        "registration": registration(tables.study, tested["id"]),
        "changed_verdicts": changed_verdicts(tables.study.registered, verdicts),
    }


def _comparison(
    comparison: PaperTables, provenance: Json, site: Path, albums: Mapping[str, GalleryRecord]
) -> dict[str, Any]:
    claims = claim_views(comparison.claims, comparison.study, site)
    views = exhibit_views(comparison, provenance, site, albums)
    return {
        "comparison": comparison.study,
        "exhibits": views,
        "claims": claims,
        "claims_by_exhibit": _by_exhibit(claims),
        "labels": {view.name: view.label for view in views},
        **_registration(comparison),
        "counts": _counts(comparison),
        "judged": judged(host_errors([comparison])),
    }


def _counts(study: PaperTables) -> dict[str, int]:
    """Count a study's claims by verdict."""
    counts = scoreboard(study.claims).sum()
    return {verdict: int(counts[verdict]) for verdict in VERDICTS}


def _by_exhibit(claims: Sequence[ClaimView]) -> dict[str, list[ClaimView]]:
    found: dict[str, list[ClaimView]] = {}
    for claim in claims:
        found.setdefault(claim.exhibit, []).append(claim)
    return found


def _coded(text: str) -> Markup:
    """Return text whose parts between backticks are code."""
    parts = enumerate(CODE.split(text))
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(part) if place % 2 else part for place, part in parts)


def _breakable(path: str) -> Markup:
    """Return a path that may break after its slashes."""
    return Markup("/<wbr>").join(path.split("/"))
