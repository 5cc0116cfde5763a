"""What papers' authors measured: read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

from msgspec import Meta

from records.authors import Authors, Collection
from records.profile import Profile
from records.values import StudyName
from workflow.documents import read_yaml
from workflow.schemas import convert

FILE: Final = dict[Annotated[StudyName, Meta(description="A paper.")], Authors]
"""Type of config/authors.yaml."""


def load_authors(path: Path, machines: Mapping[str, Profile]) -> Collection:
    """Read and check what papers' authors measured."""
    collection: Collection = convert(read_yaml(path), FILE, str(path))
    return collection
