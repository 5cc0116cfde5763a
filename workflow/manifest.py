"""The manifest of datasets: read and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from pnncore.data.format import FORMATS, entry_type
from records.dataset import Manifest
from records.values import Name
from workflow.documents import read_yaml
from workflow.schemas import convert, faults, refuse

Entries = Annotated[dict[Name, dict[str, Any]], Meta(min_length=1)]


def load_manifest(path: Path) -> Manifest:
    """Read and check the manifest of datasets."""
    content = convert(read_yaml(path), Entries, str(path))
    refuse(_manifest_faults(content), str(path))
    return {name: msgspec.convert(entry, entry_type()) for name, entry in content.items()}


def _manifest_faults(content: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    for name, entry in content.items():
        kind = str(entry.get("format"))
        if kind not in FORMATS.entries:
            yield f"{name}.format: {FORMATS.absent(kind)}"
            continue
        yield from faults(entry, FORMATS.named(kind).entry, name)
        labels, classes = entry.get("labels"), entry.get("classes")
        if isinstance(labels, list) and len(labels) != classes:
            yield f"{name}.labels: there are {len(labels)} for {classes} classes; give one for each, or none"
