"""Slices of the training samples, one a worker: how they are dealt out."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from records.values import Count, Entry, Positive

Alike: TypeAlias = Literal["contiguous", "strided", "random", "redrawn"]
"""Slices that are alike: blocks in file order, every n-th sample, drawn once, or drawn again in each epoch."""


class Skew(Entry, frozen=True):
    """Slices that are not alike: by one of its keys."""

    labels: Annotated[
        Count | None,
        Meta(
            description="Classes in each slice; slices that share a class have equal parts of it."
        ),
    ] = None
    concentration: Annotated[
        Positive | None,
        Meta(
            description=(
                "α of the Dirichlet distribution from which the slices' parts of each class are drawn (Hsu et al., "
                "2019); the smaller, the less alike."
            )
        ),
    ] = None

    def __post_init__(self) -> None:
        """Refuse none or both of the keys."""
        if (self.labels is None) == (self.concentration is None):
            raise ValueError("slices that are not alike have one of labels and concentration")


AnySlices: TypeAlias = Alike | Skew
