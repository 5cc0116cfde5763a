"""The site: tables, verdicts and provenance become pages that open from disk and ask the network for nothing."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import theme
from reports.charts import verdict_bars
from reports.claim_view import ClaimView, badge, claim_views
from reports.divergence import divergence
from reports.drawings import SETTINGS, UNMEASURED, Models, drawing
from reports.exhibit_view import VEGA_LITE, ExhibitView, exhibit_view, figure_view
from reports.figure import MODELLED
from reports.files import read_json, replacing
from reports.finding_view import finding_views
from reports.gallery import Album, read_album
from reports.hardware_page import hardware
from reports.job_table import run_rows, timing_rows
from reports.paper import read_paper
from reports.paper_tables import PaperTables, read_tables
from reports.quantity import percent, quantity
from reports.scoreboard import TOKENS, VERDICTS, scoreboard
from reports.settings import settings
from reports.tables import write_table

ASSETS: Final = Path(__file__).parent / "assets"
BUNDLE: Final = "window.vegaEmbed = vegaEmbed;"

CONFIDENCE: Final = {
    "top": "the mean of the largest output over the test samples",
    "true_class": "the mean output of the true class over the test samples",
    "top_correct": "the mean of the largest output over the correctly classified test samples",
}

Json = Mapping[str, Any]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``python -m reports publish``."""
    parser.add_argument(
        "--provenance", required=True, type=Path, metavar="FILE", help="provenance.json"
    )
    parser.add_argument(
        "--papers",
        required=True,
        nargs="+",
        type=Path,
        metavar="FILE",
        help="resolved configurations of the papers (JSON)",
    )
    parser.add_argument(
        "--tables",
        required=True,
        type=Path,
        metavar="FOLDER",
        help="folder of the tables, <paper>/<table>.csv",
    )
    parser.add_argument(
        "--galleries",
        nargs="*",
        default=[],
        type=Path,
        metavar="FILE",
        help="images of the datasets that exhibits show (pnncore gallery)",
    )
    parser.add_argument(
        "--output", required=True, type=Path, metavar="FOLDER", help="folder of the site"
    )


def run(arguments: argparse.Namespace) -> None:
    """Write the site."""
    publish(
        read_json(arguments.provenance),
        [read_tables(read_paper(path), arguments.tables) for path in arguments.papers],
        arguments.output,
        [read_album(path) for path in arguments.galleries],
    )


def publish(
    provenance: Json,
    papers: Sequence[PaperTables],
    output: Path,
    albums: Sequence[Album] = (),
    site: Path | None = None,
) -> None:
    """Write the site, all of it or none.

    Parameters
    ----------
    provenance
        The content of ``provenance.json``.
    papers
        The papers with their tables.
    output
        The folder of the site; whatever stood there is gone afterwards.
    albums
        Images of the datasets that exhibits show.
    site
        The folder that records are named from, if that is not `output`.
    """
    by_name = {album.dataset: album for album in albums}
    with replacing(output) as folder:
        (folder / ".nojekyll").touch()  # GitHub Pages shall take the files as they are
        _write_assets(folder / "assets")
        _write_data(folder / "data", provenance, papers)
        for name, page in _pages(provenance, papers, site or output, by_name).items():
            (folder / name).write_text(page, encoding="utf-8")


def _write_assets(folder: Path) -> None:
    shutil.copytree(ASSETS, folder)
    (folder / "theme.css").write_text(theme.style_sheet(), encoding="utf-8")
    bundle = vl_convert.javascript_bundle(BUNDLE, vl_version=VEGA_LITE)
    (folder / "vega.js").write_text(bundle, encoding="utf-8")


def _write_data(folder: Path, provenance: Json, papers: Sequence[PaperTables]) -> None:
    """Write what the pages show as tables that other programs can read."""
    for paper in papers:
        for name, points in paper.exhibits.groupby("exhibit", sort=False):
            write_table(points, folder / paper.id / f"{name}.csv")
        for name in ("claims", "findings"):
            write_table(getattr(paper, name), folder / paper.id / f"{name}.csv")
    for name in ("claims", "findings", "model_error", "scaling", "parameters"):
        tables = [getattr(paper, name) for paper in papers]
        write_table(pd.concat(tables, ignore_index=True), folder / f"{name}.csv")
    for name in ("runs", "timings"):
        write_table(pd.DataFrame(provenance[name]), folder / f"{name}.csv")
    text = json.dumps(provenance, indent=1, ensure_ascii=False)
    (folder / "provenance.json").write_text(text + "\n", encoding="utf-8")


def _pages(
    provenance: Json, papers: Sequence[PaperTables], site: Path, albums: Mapping[str, Album]
) -> dict[str, str]:
    """Render every page, by file name."""
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(breakable=_breakable, percent=percent, quantity=quantity)
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "ensure_ascii": False}
    environment.globals.update(
        edition=provenance["edition"],
        version=provenance["version"],
        papers=papers,
        badge=badge,
        verdicts=VERDICTS,
    )
    render = {
        "index.html": _index(papers, site),
        "hardware.html": hardware(provenance, papers),
        "provenance.html": _provenance(provenance, papers),
    }
    pages = {
        name: environment.get_template(f"{name}.j2").render(page=name, **context)
        for name, context in render.items()
    }
    template = environment.get_template("paper.html.j2")
    for paper in papers:
        context = _paper(paper, provenance, site, albums)
        pages[f"{paper.id}.html"] = template.render(page=f"{paper.id}.html", **context)
    return pages


def _index(papers: Sequence[PaperTables], site: Path) -> dict[str, Any]:
    counts = scoreboard(_all_claims(papers))
    counts = counts.reindex([paper.id for paper in papers], fill_value=0)
    counts.index = pd.Index([paper.name for paper in papers])
    figure = figure_view(verdict_bars(counts, TOKENS)) if counts.to_numpy().any() else None
    rows = [(name, [int(count) for count in row]) for name, row in counts.iterrows()]
    findings = [
        (paper, finding)
        for paper in papers
        for finding in finding_views(paper.findings, paper.paper, site)[:1]
    ]
    return {"figure": figure, "rows": rows, "findings": findings}


def _paper(
    paper: PaperTables, provenance: Json, site: Path, albums: Mapping[str, Album]
) -> dict[str, Any]:
    claims = claim_views(paper.claims, paper.paper, site)
    models = Models(paper.paper, provenance["datasets"], albums)
    views = [_exhibit(paper, name, provenance, site, models) for name in paper.paper["exhibits"]]
    confident = paper.exhibits["y_name"].astype(str).str.startswith("confidence").any()
    counts = scoreboard(paper.claims).sum()
    return {
        "paper": paper.paper,
        "name": paper.name,
        "exhibits": views,
        "claims": claims,
        "claims_by_exhibit": _by_exhibit(claims),
        "findings": finding_views(paper.findings, paper.paper, site),
        "left_out": list(paper.paper.get("left_out", {}).values()),
        "labels": {view.name: view.label for view in views},
        "confidence": CONFIDENCE[paper.paper["confidence"]] if confident else "",
        "counts": {verdict: int(counts[verdict]) for verdict in VERDICTS},
    }


def _exhibit(
    paper: PaperTables, name: str, provenance: Json, site: Path, models: Models
) -> ExhibitView:
    exhibit = paper.paper["exhibits"][name]
    chart = exhibit["chart"]
    points = paper.points(name)
    model = paper.paper.get("model", {})
    modelled = (points["source"] == MODELLED).any()
    return exhibit_view(
        name,
        exhibit,
        points,
        csv=f"data/{paper.id}/{name}.csv",
        site=site,
        drawing=drawing(exhibit, models),
        settings=settings(exhibit, models.scene(exhibit)) if chart == SETTINGS else (),
        divergence="" if chart in UNMEASURED else divergence(exhibit, paper.paper, provenance),
        fitted=bool(modelled and model.get("timing") == exhibit["experiment"]),
    )


def _by_exhibit(claims: Sequence[ClaimView]) -> dict[str, list[ClaimView]]:
    found: dict[str, list[ClaimView]] = {}
    for claim in claims:
        found.setdefault(claim.exhibit, []).append(claim)
    return found


def _provenance(provenance: Json, papers: Sequence[PaperTables]) -> dict[str, Any]:
    configurations = [paper.paper for paper in papers]
    return {
        "provenance": provenance,
        "runs": run_rows(configurations, provenance["runs"]),
        "timings": timing_rows(configurations, provenance["timings"], provenance["measurable"]),
        "configurations": {
            paper.name: json.dumps(paper.paper, indent=2, ensure_ascii=False) for paper in papers
        },
        "edition_configuration": json.dumps(provenance["config"], indent=2, ensure_ascii=False),
    }


def _breakable(path: str) -> Markup:
    """Let a long path break after its slashes."""
    return Markup("/<wbr>").join(path.split("/"))


def _all_claims(papers: Sequence[PaperTables]) -> pd.DataFrame:
    return pd.concat([paper.claims for paper in papers], ignore_index=True)
