"""What a paper's text leaves open: our reading of it, and what the authors' own program says."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from records.rules import together
from records.values import Entry, Text

Guess: TypeAlias = Literal["right", "partly", "wrong"]
"""How a reading of the text alone fared against the authors' own program."""


class AmbiguityEntry(Entry, frozen=True, kw_only=True):
    """One thing that a paper's text leaves open, as we read it before we had seen the authors' own program."""

    id: Annotated[
        str,
        Meta(
            pattern=r"^[A-Z]{2}-A[0-9]{2,3}\Z",
            examples=["OT-A01"],
            description="Its name: the paper's key and a number.",
        ),
    ]
    open: Annotated[
        Text, Meta(description="What the text leaves open, in a sentence of our own words.")
    ]
    reading: Annotated[
        Text, Meta(description="Our main reading, made from the text alone, in a sentence.")
    ]
    settled: Annotated[
        Text | UnsetType,
        Meta(
            description=(
                "What the authors' own program or its results say, in a sentence of our own words; not given "
                "where they do not settle it."
            )
        ),
    ] = UNSET
    guess: Annotated[
        Guess | UnsetType,
        Meta(
            description=(
                "How our reading fared: as the program does (`right`), so in some respects (`partly`), or "
                "otherwise (`wrong`)."
            )
        ),
    ] = UNSET


Ambiguity: TypeAlias = Annotated[
    AmbiguityEntry,
    Meta(extra_json_schema=together({"settled": "guess", "guess": "settled"})),
]
"""What a paper's text leaves open; what settles it and how our reading fared stand together or not at all."""
