"""A paper's figures, drawn once: files for pages and bundles, and charts to look at and to draw again elsewhere."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import vl_convert

from records.atomic import replacing
from records.study import Study
from reports.arguments import add_paper
from reports.exhibits.at_work import at_work
from reports.exhibits.columns import COLUMNS
from reports.exhibits.data_table import beside_all, comparisons, data_tables
from reports.exhibits.difference import difference
from reports.exhibits.drawn_exhibit import DrawnExhibit, with_points
from reports.exhibits.figure_view import PanelView, figure_view
from reports.exhibits.headline import headline
from reports.exhibits.registry import KINDS
from reports.exhibits.specification import VEGA_LITE, alone
from reports.study import read_study
from reports.tables.tidy import read_table


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
    """Write the figures, all of them or none."""
    study = read_study(arguments.paper)
    points = read_table(arguments.exhibits, COLUMNS)
    with replacing(arguments.output) as folder:
        for name, exhibit in drawn_exhibits(study, points):
            (folder / f"{name}.json").write_bytes(exhibit.with_pictures(name).encode())
            for number, panel in enumerate(exhibit.figure.panels, start=1):
                _write_alone(panel, folder / f"{name}-{number}")


def drawn_exhibits(study: Study, points: pd.DataFrame) -> Iterator[tuple[str, DrawnExhibit]]:
    """Draw the exhibits of a study that have points to draw, without pictures.

    Parameters
    ----------
    study
        The resolved configuration of the study.
    points
        Its rows of exhibits.csv.

    Yields
    ------
    tuple
        The exhibit's name, and what was drawn.
    """
    for name, own in with_points(study, points):
        kind = study.exhibits[name]["chart"]
        with at_work(study.id, name, kind):
            drawn = draw(kind, own, study)
        yield name, drawn


def draw(chart: str, points: pd.DataFrame, study: Study) -> DrawnExhibit:
    """Draw an exhibit, without pictures.

    Parameters
    ----------
    chart
        Its kind.
    points
        Its rows of exhibits.csv.
    study
        Its study's resolved configuration.
    """
    kind = KINDS.named(chart)
    figure = kind.draw(points, study)
    # A headline tells the course of a metric; what a kind makes of several is no course.
    told = "" if kind.chart and kind.chart.metrics else headline(figure)
    apart = difference(figure)
    return DrawnExhibit(
        figure_view(figure, told),
        figure_view(apart) if apart else None,
        comparisons(figure),
        beside_all(figure),
        data_tables(figure),
    )


def _write_alone(panel: PanelView, path: Path) -> None:
    """Write a panel as files that need no page.

    The page's picture has another width, another legend and custom properties for colours, so neither rendering can be
    made of the other.
    """
    chart = alone(panel.spec, panel.title)
    text = json.dumps(chart, indent=1, ensure_ascii=False) + "\n"
    path.with_name(f"{path.name}.vl.json").write_text(text, encoding="utf-8")
    svg = vl_convert.vegalite_to_svg(chart, vl_version=VEGA_LITE, allowed_base_urls=[])
    path.with_name(f"{path.name}.svg").write_text(svg, encoding="utf-8")
