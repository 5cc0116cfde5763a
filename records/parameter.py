"""A parameter of a model of timings, as records hold it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from records.values import Entry, Title

Origin: TypeAlias = Literal["fitted", "calibrated", "default"]


class Parameter(Entry, frozen=True):
    """A parameter of a model."""

    value: Annotated[float, Meta(description="Its value.")]
    origin: Annotated[
        Origin,
        Meta(
            description=(
                "Whether it was fitted to published timings, calibrated on this host, or is the "
                "documented default."
            )
        ),
    ]
    unit: Annotated[Title, Meta(description="Its unit.")]
    meaning: Annotated[Title, Meta(description="What it means.")]
