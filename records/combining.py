"""Merge rules, by which networks become one: their settings."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from records.optimisers import AnyOptimiser, Nesterov
from records.values import Count, Entry, Positive

Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]


class MergeRule(Entry, frozen=True, tag_field="name"):
    """Base of the merge rules' settings."""


class Mean(MergeRule, frozen=True, tag="mean"):
    """The mean of the children's parameters (Kalwarowskyj & Schikuta, Section 3; Ott, eq. 1)."""


class Sum(MergeRule, frozen=True, tag="sum"):
    """The sum of the children's parameters (Ott, eq. 2)."""


class Weighted(MergeRule, frozen=True, tag="weighted"):
    """The mean weighted by the children's numbers of samples (McMahan et al., 2017, Algorithm 1)."""


class Judging(MergeRule, frozen=True):
    """Base of rules that judge networks."""

    judged: Annotated[
        Count,
        Meta(
            description="Training samples, the last ones, that no child trains on and networks are judged on."
        ),
    ] = 1000


class WeightedByAccuracy(Judging, frozen=True, tag="weighted-by-accuracy"):
    """The mean weighted by the children's accuracies on samples that are kept apart."""


class GreedySoup(Judging, frozen=True, tag="greedy-soup"):
    """The mean of the children that do not make it worse, from the best on (Wortsman et al., 2022, Recipe 1)."""


class Median(MergeRule, frozen=True, tag="median"):
    """The median of each parameter (Yin et al., 2018, Definition 1)."""


class Trimmed(MergeRule, frozen=True, tag="trimmed"):
    """The mean of each parameter without its largest and least values (Yin et al., 2018, Definition 2)."""

    share: Annotated[
        float, Meta(ge=0, lt=0.5, description="Share of the children left out at each end.")
    ] = 0.1


class RunningMean(MergeRule, frozen=True, tag="running-mean"):
    """The mean of the last merged networks (Izmailov et al., 2018); children go on from the last of them."""

    last: Annotated[Count, Meta(description="How many of them.")] = 5


class Outer(MergeRule, frozen=True, tag="outer"):
    """An optimiser's step along the mean change of the children (Reddi et al., 2021; Douillard et al., 2023)."""

    optimiser: Annotated[AnyOptimiser, Meta(description="The optimiser.")] = Nesterov()
    rate: Annotated[Positive, Meta(description="Its rate; 1 and no momentum make the mean.")] = 1.0


class Elastic(MergeRule, frozen=True, tag="elastic"):
    """Children and a centre that attract each other (Zhang, Choromanska & LeCun, 2015, eq. 5 and 6)."""

    attraction: Annotated[
        Share, Meta(description="Share of its distance from the centre that a child moves.")
    ] = 0.1
    moving: Annotated[
        Share,
        Meta(description="Share of its distance from the children's mean that the centre moves."),
    ] = 0.9


class Blended(MergeRule, frozen=True, tag="blended"):
    """The mean, towards which each child moves a part of the way and goes on from there."""

    share: Annotated[Share, Meta(description="That part; 1 is the mean.")] = 0.5


class Aligned(MergeRule, frozen=True, tag="aligned"):
    """The mean of children whose hidden neurons were put into the first one's order (Ainsworth et al., 2023)."""


Sent: TypeAlias = Literal["float32", "float16", "int8"]
"""How parameters travel between children and a merge."""


class Updates(Entry, frozen=True):
    """A number of updates, where another number is of epochs."""

    updates: Annotated[Count, Meta(description="Updates of each child.")]


AnyRule: TypeAlias = (
    Mean
    | Sum
    | Weighted
    | WeightedByAccuracy
    | GreedySoup
    | Median
    | Trimmed
    | RunningMean
    | Outer
    | Elastic
    | Blended
    | Aligned
)
