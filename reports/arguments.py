"""Arguments of the command line that are more than a word, or that several commands have."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any


def json_object(text: str) -> dict[str, Any]:
    """Read an argument that is a JSON object.

    Raises
    ------
    ArgumentTypeError
        If it is none.
    """
    try:
        content = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not valid JSON ({error})") from None
    if not isinstance(content, dict):
        raise argparse.ArgumentTypeError("must be a JSON object")
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
        "--stamp", type=Path, metavar="FILE", help="file to write once the site is in place"
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
    """Add what a site is made of: provenance, papers, comparisons, their tables and images."""
    parser.add_argument(
        "--provenance", required=True, type=Path, metavar="FILE", help="provenance.json"
    )
    add_papers(parser)
    parser.add_argument(
        "--tables",
        required=True,
        type=Path,
        metavar="FOLDER",
        help="folder of the tables, <paper>/<table>.csv",
    )
    for name, what in (
        ("comparisons", "resolved configurations of the comparisons (JSON)"),
        ("galleries", "collections with images of the datasets that exhibits show (JSON)"),
    ):
        parser.add_argument(
            f"--{name}", nargs="*", default=[], type=Path, metavar="FILE", help=what
        )
