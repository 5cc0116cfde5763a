"""The resolved configuration of a paper, as the workflow writes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from records.errors import InputError
from reports.files import read_json

REQUIRED: tuple[str, ...] = (
    "id",
    "edition",
    "confidence",
    "experiments",
    "exhibits",
    "claims",
    "findings",
    "strategies",
    "diagrams",
)

Paper = Mapping[str, Any]
"""A paper's YAML, validated, with defaults and edition applied: `records.study.Study` describes the keys."""


def read_paper(path: Path) -> Paper:
    """Read a resolved paper configuration.

    Raises
    ------
    InputError
        If the file is not a resolved configuration.
    """
    paper = read_json(path)
    missing = [key for key in REQUIRED if not isinstance(paper, dict) or key not in paper]
    if missing:
        raise InputError(
            f"{path}: {missing[0]} is missing; name a paper's resolved configuration, as in results/<edition>/config/"
        )
    resolved: Paper = paper
    return resolved
