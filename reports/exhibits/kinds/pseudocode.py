"""The steps of our code, in words of our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from msgspec import Meta

from records.values import Text
from reports.exhibits.contract import Kind
from reports.exhibits.drawings import Models
from reports.exhibits.keys import Exhibit, Names

INDENT = "  "


class Pseudocode(Exhibit, frozen=True, kw_only=True, tag="pseudocode"):
    """Configuration of pseudocode."""

    steps: Annotated[
        tuple[Text, ...],
        Meta(
            min_length=1,
            description="Steps of our code, in our own words; two spaces indent a step below the one before.",
        ),
    ]
    code: Annotated[Names, Meta(description="Modules that take these steps.")]


@dataclass(frozen=True)
class Listing:
    """The steps of an algorithm.

    Attributes
    ----------
    lines
        Depth and text of each step.
    code
        The modules that take the steps.
    """

    template: ClassVar[str] = "listing.html.j2"

    lines: tuple[tuple[int, str], ...]
    code: tuple[str, ...]


def listing(exhibit: Pseudocode, models: Models) -> Listing:
    """Return the steps with their depths."""
    return Listing(
        lines=tuple((_depth(step), step.strip()) for step in exhibit.steps),
        code=exhibit.code,
    )


def _depth(step: str) -> int:
    return (len(step) - len(step.lstrip())) // len(INDENT)


KIND = Kind(
    name="pseudocode",
    summary="The steps of our code, beside the modules that take them.",
    keys=Pseudocode,
    drawing=listing,
)
