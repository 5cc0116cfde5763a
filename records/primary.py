"""Primary readings: the joint configurations that decide about a paper's claims."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from records.values import Entry, References, Text, Title


class PrimaryReading(Entry, frozen=True, kw_only=True):
    """One joint configuration that a paper's method is taken to be."""

    title: Annotated[Title, Meta(description="What the pages call it.")]
    variants: Annotated[
        References, Meta(description="Its variants, of all experiments and timings together.")
    ]
    why: Annotated[
        Text,
        Meta(
            description=(
                "Why it is this one, and which claims it decides: on the text alone, or as the authors' own program "
                "has it."
            )
        ),
    ]
