"""Basis of modelled timings: the calibrations that they rest on."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from records.conditions import Mark
from records.values import Entry


class Basis(Entry, frozen=True, kw_only=True):
    """The calibrations that modelled timings rest on, of the variant and of the host together."""

    repeats: Annotated[int, Meta(ge=1, description="How many repeats there are.")]
    noisy: Annotated[int, Meta(ge=0, description="How many of these are noisy.")]
    mark: Annotated[
        Mark,
        Meta(
            description=(
                "`noisy` if all repeats of the variant's or of the host's calibration are, so that"
                " costs are of noisy ones; else `clean`."
            )
        ),
    ]
