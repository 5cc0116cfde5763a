"""The record of an examined property."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from records.environment import Environment
from records.kinds.kind import Kind
from records.values import Text, Title

Found: TypeAlias = dict[str, float | dict[str, float]]


class PropertyRecord(Kind, frozen=True, kw_only=True, tag="property"):
    """What a property of functions or gradients was found to be."""

    ABOUT = "properties/{property}"

    version: Literal[2] = 2
    property: Annotated[Title, Meta(description="Name of the property.")]
    summary: Annotated[Text, Meta(description="What the property is, in a sentence.")]
    dataset: Annotated[Title, Meta(description="The dataset that it was examined with.")]
    facts: Annotated[
        Found,
        Meta(description="Numbers, or mappings of numbers; a claim's test names the way to one."),
    ]
    environment: Annotated[Environment, Meta(description="Machine and software.")]
