"""What pages say of a metric."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from records.values import Entry


class Metric(Entry, frozen=True, kw_only=True):
    """A metric in words."""

    label: Annotated[str, Meta(description="Its name on an axis.")]
    unit: Annotated[str, Meta(description="Its unit; empty for a plain number.")]
    setting: Annotated[
        str,
        Meta(description="Setting that must be true for it to be measured; empty if none must."),
    ] = ""
    summary: Annotated[str, Meta(description="What it is, in one sentence.")]
