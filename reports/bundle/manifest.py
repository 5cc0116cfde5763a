"""The manifest of a bundle."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta

from records.values import Entry, Sha256, Title
from reports.bundle.members import NAME

FileName: TypeAlias = Annotated[str, Meta(pattern=rf"^{NAME}\Z")]


class MemberEntry(Entry, frozen=True, kw_only=True):
    """Size and checksum of a member."""

    bytes: Annotated[int, Meta(ge=0, description="Its size.")]
    sha256: Annotated[Sha256, Meta(description="Its SHA-256.")]


class Manifest(Entry, frozen=True, kw_only=True):
    """What is in a bundle."""

    bundle: Annotated[int, Meta(description="Version of the format of bundles.")]
    software: Annotated[Title, Meta(description="Version of pnn-reproduction that packed it.")]
    edition: Annotated[FileName, Meta(description="Name of the edition.")]
    title: Annotated[Title, Meta(description="Title of the edition.")]
    papers: Annotated[
        tuple[FileName, ...], Meta(min_length=1, description="Names of its papers, in order.")
    ]
    comparisons: Annotated[
        tuple[FileName, ...], Meta(description="Names of its comparisons, in order.")
    ]
    members: Annotated[dict[str, MemberEntry], Meta(description="Its members, by name.")]
