"""Files of the store."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from records.cost import Cost
from records.kinds.kind import Kind


class Stored(Kind, frozen=True, kw_only=True, tag="stored"):
    """A record in the store, with its identity."""

    version: Literal[2] = 2
    identity: Annotated[
        dict[str, Any],
        Meta(description="All that determines the record; the file's name is a digest of it."),
    ]
    content: Annotated[dict[str, Any], Meta(description="The record.")]
    cost: Annotated[Cost, Meta(description="What it cost to make the record.")]
