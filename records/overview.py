"""Lines of the overview: what a method gains in time, and what that does to its accuracy."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from records.values import Entry, Name, Title

Shared: TypeAlias = Literal[
    "data, merged once",
    "data, merged every epoch",
    "data, merged every round",
    "gradients",
    "neurons",
    "data, past the papers",
]
"""What workers share."""


class PublishedGain(Entry, frozen=True, kw_only=True):
    """What a paper prints of a number of workers."""

    workers: Annotated[int, Meta(ge=1, description="The number of workers.")]
    speedup: Annotated[
        float, Meta(gt=0, description="The printed speed-up, or a quotient of printed times.")
    ]
    change: Annotated[
        float,
        Meta(description="The change of accuracy, in percentage points, of printed accuracies."),
    ]
    where: Annotated[Title, Meta(description="Where it prints both.")]


class OverviewLine(Entry, frozen=True, kw_only=True):
    """A line of the index's figure: the speed-ups of a method, and the changes of its accuracy.

    Both are against its own fewest workers, unless other variants are named for that.
    """

    shared: Annotated[Shared, Meta(description="What its workers share, which is its colour.")]
    experiment: Annotated[Name, Meta(description="The experiment with its accuracies.")]
    variant: Annotated[Name, Meta(description="The variant of the experiment.")]
    timing: Annotated[Name, Meta(description="The timing with its speed-ups.")]
    timed: Annotated[
        Name | UnsetType, Meta(description="The variant of the timing, if it has another name.")
    ] = UNSET
    against: Annotated[
        Name | UnsetType,
        Meta(
            description="Another variant, of one network, to compare accuracies with; of `beside` if that is given."
        ),
    ] = UNSET
    beside: Annotated[
        Name | UnsetType, Meta(description="Another experiment, which `against` is of.")
    ] = UNSET
    faster_than: Annotated[
        Name | UnsetType,
        Meta(
            description="Another variant of the timing, of one network, that speed-ups are against."
        ),
    ] = UNSET
    hardware: Annotated[
        Name, Meta(description="The machine, the paper's own, that speed-ups are modelled for.")
    ]
    published: Annotated[tuple[PublishedGain, ...], Meta(description="What the paper prints.")] = ()
