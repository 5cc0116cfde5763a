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
)

Paper = Mapping[str, Any]
"""The paper's YAML, validated, with its defaults and the edition applied; `workflow/schemas` describes the keys."""


def read_paper(path: Path) -> Paper:
    """Read a resolved paper configuration.

    Raises
    ------
    InputError
        If it is not one.
    """
    paper = read_json(path)
    missing = [key for key in REQUIRED if not isinstance(paper, dict) or key not in paper]
    if missing:
        raise InputError(
            f"{path}: {missing[0]} is missing; it must be a paper's resolved configuration, "
            "which results/<edition>/config/ holds"
        )
    resolved: Paper = paper
    return resolved
