"""The charts of a paper's exhibits as files of their own, to look at and to draw again outside the pages."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd
import vl_convert

from records.atomic import replacing
from reports.arguments import add_paper
from reports.exhibits import theme
from reports.exhibits.columns import COLUMNS
from reports.exhibits.figure import PUBLISHED
from reports.exhibits.picture import VEGA_LITE
from reports.exhibits.registry import KINDS
from reports.pages.paper import Paper, read_paper
from reports.tables.tidy import read_table

WIDTH: Final = 520

# Programs other than browsers know no custom properties: a file has the colours of a light screen themselves.
COLOUR: Final = re.compile(r"var\(--[\w-]+, (#\w+)\)")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``python -m reports charts``."""
    add_paper(parser)
    parser.add_argument(
        "--exhibits", required=True, type=Path, metavar="TABLE", help="exhibits.csv of the paper"
    )
    parser.add_argument(
        "--output", required=True, type=Path, metavar="FOLDER", help="folder to write the charts to"
    )


def run(arguments: argparse.Namespace) -> None:
    """Write the charts, all of them or none."""
    paper = read_paper(arguments.paper)
    points = read_table(arguments.exhibits, COLUMNS)
    with replacing(arguments.output) as folder:
        for name, chart in charts(paper, points):
            drawing = json.dumps(chart, indent=1, ensure_ascii=False) + "\n"
            (folder / f"{name}.vl.json").write_text(drawing, encoding="utf-8")
            picture = vl_convert.vegalite_to_svg(chart, vl_version=VEGA_LITE)
            (folder / f"{name}.svg").write_text(picture, encoding="utf-8")


def charts(paper: Paper, points: pd.DataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the panels of a paper's figures, each a chart that is complete in itself.

    Parameters
    ----------
    paper
        The resolved configuration of the paper.
    points
        Its rows of exhibits.csv.

    Yields
    ------
    tuple
        The exhibit's name with the number of the panel, and the chart as Vega-Lite.
    """
    for name, exhibit in paper["exhibits"].items():
        own = points[points["exhibit"] == name]
        if (own["source"] == PUBLISHED).all():
            continue  # nothing of ours to show
        for number, panel in enumerate(
            KINDS.named(exhibit["chart"]).draw(own, paper).panels, start=1
        ):
            chart = json.loads(COLOUR.sub(r"\1", panel.chart.to_json()))
            place = {"width": WIDTH, "background": theme.TOKENS["surface"][0]}
            yield f"{name}-{number}", {**chart, **place, "title": panel.title}
