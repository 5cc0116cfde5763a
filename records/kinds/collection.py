"""Collections: all records of a variant in one file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from records.cost import Cost
from records.kinds.kind import Kind


class Collection(Kind, frozen=True, kw_only=True, tag="collection"):
    """Records of one kind, with a failure in the place of each that could not be made."""

    version: Literal[2] = 2
    of: Annotated[str, Meta(description="The kind of its records.")]
    made_of: Annotated[
        dict[str, Any],
        Meta(description="What it is made of: specification, code and software."),
    ]
    stored: Annotated[tuple[str, ...], Meta(description="Names of its records in the store.")]
    members: Annotated[
        tuple[dict[str, Any], ...],
        Meta(description="The records, without a checksum of their own, or failures."),
    ]
    costs: Annotated[
        tuple[Cost, ...],
        Meta(
            description=(
                "What each member cost, when it was made: from the member before it in the same "
                "process, or from the start of the process."
            )
        ),
    ]
