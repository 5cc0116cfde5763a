"""Conditions of a measurement: what else the machine had to do meanwhile."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from records.values import Entry

Mark: TypeAlias = Literal["clean", "noisy", "oversubscribed"]
Reading: TypeAlias = Annotated[float, Meta(ge=0)] | None
"""Something that a system may not tell."""


class Conditions(Entry, frozen=True, kw_only=True):
    """What else the machine had to do during a measurement; what a system does not tell is null."""

    mark: Annotated[
        Mark,
        Meta(
            description=(
                "`noisy` if other programs ran; else `oversubscribed` if more workers ran than the "
                "cores have hardware threads; else `clean`."
            )
        ),
    ]
    others: Annotated[
        Reading, Meta(description="Share of the machine's CPU time that other processes had.")
    ]
    steal: Annotated[
        Reading,
        Meta(description="Share that other machines on the same hardware had."),
    ]
    waited: Annotated[
        Reading,
        Meta(description="Share of the time in which something waited for a processor."),
    ]
