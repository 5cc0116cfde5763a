"""Fitted models of papers: parameters, and predictions beside the published speed-ups."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from records.kinds.model import ModelRecord
from reports.tables.collections import Found, Member, read_members

Model: TypeAlias = Member[ModelRecord]


def read_models(paths: Iterable[str | Path]) -> Found[Model]:
    """Read the models in collections."""
    return read_members(paths, ModelRecord)
