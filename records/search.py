"""Searches for settings: what was tried of each variant with a grid, and what was kept (config/chosen.yaml)."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Annotated, Any, TypeAlias

from msgspec import Meta

from records.values import Count, Entry, Name, StudyName


class Kept(Entry, frozen=True, kw_only=True):
    """A combination of settings that did well."""

    variant: Annotated[Name, Meta(description="The variant that a grid made of it.")]
    accuracy: Annotated[float, Meta(description="Its mean accuracy over the seeds.")]
    values: Annotated[dict[str, Any], Meta(description="Values by the path of a setting.")]


class Outcome(Entry, frozen=True, kw_only=True):
    """What an experiment has shown of a variant with a grid."""

    tried: Annotated[Count, Meta(description="Number of combinations that were run.")]
    kept: Annotated[tuple[Kept, ...], Meta(min_length=1, description="Those kept, the best first.")]
    accuracies: Annotated[
        dict[Name, tuple[float | None, ...]],
        Meta(
            description=(
                "Accuracy after the last epoch of each combination, seed by seed; null where training diverged."
            )
        ),
    ]


def mean_accuracy(accuracies: Sequence[float | None]) -> float:
    """Return the mean accuracy over seeds; a training that diverged counts as 0."""
    return fmean(each or 0.0 for each in accuracies)


Outcomes: TypeAlias = dict[Name, dict[Name, Outcome]]
"""Outcomes by experiment and by variant with a grid."""

Chosen: TypeAlias = dict[StudyName, Outcomes]
"""Outcomes by the study that searched."""
