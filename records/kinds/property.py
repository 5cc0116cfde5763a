"""The record of an examined property."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from records.environment import Environment
from records.kinds.kind import Kind
from records.values import Text, Title

Replicates: TypeAlias = Literal["seeds", "repeats", ""]

Fact: TypeAlias = float | Annotated[tuple[float, ...], Meta(min_length=2)]
Found: TypeAlias = dict[str, Fact | dict[str, Fact]]


class PropertyRecord(Kind, frozen=True, kw_only=True, tag="property"):
    """What a property of functions or gradients was found to be."""

    ABOUT = "properties/{property}"

    version: Literal[3] = 3
    property: Annotated[Title, Meta(description="Name of the property.")]
    summary: Annotated[Text, Meta(description="What the property is, in a sentence.")]
    dataset: Annotated[Title, Meta(description="The dataset that it was examined with.")]
    facts: Annotated[
        Found,
        Meta(
            description=(
                "Numbers, lists with a number for each replicate, or mappings of both; a claim's test names the way to "
                "one."
            )
        ),
    ]
    replicates: Annotated[
        Replicates,
        Meta(description="What the numbers of a list are: seeds, or repeats of a timing."),
    ] = ""
    environment: Annotated[Environment, Meta(description="Machine and software.")]
