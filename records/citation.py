"""Citations of papers."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from records.values import Entry, Reference, Title


class Citation(Entry, frozen=True, kw_only=True):
    """Where a paper was published."""

    title: Annotated[Title, Meta(description="Title of the paper.")]
    authors: Annotated[tuple[Title, ...], Meta(min_length=1, description="Its authors in order.")]
    venue: Annotated[Reference | UnsetType, Meta(description="Journal or conference.")] = UNSET
    publisher: Annotated[Reference | UnsetType, Meta(description="Publisher.")] = UNSET
    year: Annotated[
        Annotated[int, Meta(ge=1950, le=2100)] | UnsetType, Meta(description="Year of publication.")
    ] = UNSET
    pages: Annotated[Reference | UnsetType, Meta(description="Page range.")] = UNSET
    note: Annotated[
        Annotated[str, Meta(max_length=10_000)] | UnsetType,
        Meta(description="What to know about this citation."),
    ] = UNSET
