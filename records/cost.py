"""What it cost to make something."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from records.values import Entry


class Cost(Entry, frozen=True, kw_only=True):
    """What it cost to make something: time on the clock, and time on processors."""

    seconds: Annotated[float, Meta(ge=0, description="Seconds from start to end.")]
    cpu_seconds: Annotated[
        float, Meta(ge=0, description="Seconds of processors, of all threads together.")
    ]
