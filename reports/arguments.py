"""Command-line arguments that several commands share."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any


def json_object(text: str) -> dict[str, Any]:
    """Parse an argument as a JSON object.

    Raises
    ------
    ArgumentTypeError
        If the text is not a JSON object.
    """
    try:
        content = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not valid JSON ({error})") from None
    if not isinstance(content, dict):
        raise argparse.ArgumentTypeError("expected a JSON object")
    return content


def add_paper(parser: argparse.ArgumentParser) -> None:
    """Add ``--paper``."""
    parser.add_argument(
        "--paper",
        required=True,
        type=Path,
        metavar="FILE",
        help="resolved configuration of the paper (JSON)",
    )


def add_list(parser: argparse.ArgumentParser) -> None:
    """Add ``--records``."""
    parser.add_argument(
        "--records",
        required=True,
        type=Path,
        metavar="LIST",
        help="list of the files that hold the paper's records (JSON)",
    )


def add_stamp(parser: argparse.ArgumentParser) -> None:
    """Add ``--stamp``."""
    parser.add_argument(
        "--stamp", type=Path, metavar="FILE", help="empty file to write after the site"
    )


def add_papers(parser: argparse.ArgumentParser) -> None:
    """Add ``--papers``."""
    parser.add_argument(
        "--papers",
        required=True,
        nargs="+",
        type=Path,
        metavar="FILE",
        help="resolved configurations of the papers (JSON)",
    )


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that name a site's sources: provenance, papers, comparisons, tables and galleries."""
    parser.add_argument(
        "--provenance", required=True, type=Path, metavar="FILE", help="provenance.json"
    )
    add_papers(parser)
    parser.add_argument(
        "--tables",
        required=True,
        type=Path,
        metavar="FOLDER",
        help="folder that holds the tables, as <paper>/<table>.csv",
    )
    for name, what in (
        ("comparisons", "resolved configurations of the comparisons (JSON)"),
        ("galleries", "collections of dataset images that exhibits show (JSON)"),
    ):
        parser.add_argument(
            f"--{name}", nargs="*", default=[], type=Path, metavar="FILE", help=what
        )
