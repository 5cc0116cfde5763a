"""What the authors of a paper measured themselves and published beside their program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import quantiles
from typing import Annotated, Final, Literal, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from records.dataset import Licence
from records.settings import Scale
from records.values import (
    UNIQUE,
    Count,
    Entry,
    EpochCount,
    Fraction,
    Mirrors,
    Name,
    Positive,
    Reference,
    Sha256,
    Text,
    Title,
    WebAddress,
    WorkerCount,
)

SOURCE: Final = "authors"
"""The source of a number that the authors of a paper measured and did not print."""

MILESTONES: Final = (0.9, 0.95, 0.99)
"""Accuracies whose first epoch a summary has: those of Wiesinger & Schikuta's list (Section IV.C)."""

KEPT: Final = (1, 2, 8, 15, 25, 49, 50, 75, 100)
"""Epochs that a summary has where they were counted: those of that list, and some to draw a curve by."""

DECIMALS: Final = {"seconds": 6, "accuracy": 6}
"""Decimals of a summary's numbers: more than a pass of 60,000 samples can tell apart."""

Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]
EpochAccuracy: TypeAlias = tuple[EpochCount, Share]
"""An epoch, and the share of samples that were classified correctly after it."""


PASSES: Final = (
    "machine",
    "program",
    "workers",
    "repeat",
    "epoch",
    "mode",
    "split",
    "lines",
    "seconds",
    "correct",
    "incorrect",
    "accuracy",
)
"""Columns of the table of all passes, ``resources/authors/{paper}.csv``."""


class Spread(Entry, frozen=True, kw_only=True):
    """How the seconds of many passes spread."""

    passes: Annotated[Count, Meta(description="How many passes there are.")]
    least: Annotated[Positive, Meta(description="The fastest.")]
    lower: Annotated[Positive, Meta(description="The lower quartile.")]
    median: Annotated[Positive, Meta(description="The median.")]
    upper: Annotated[Positive, Meta(description="The upper quartile.")]
    most: Annotated[Positive, Meta(description="The slowest.")]

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Spread:
        """Return the spread of passes that took so many seconds; quartiles by linear interpolation."""
        ends = seconds if len(seconds) > 1 else [*seconds, *seconds]
        values = (min(ends), *quantiles(ends, n=4, method="inclusive"), max(ends))
        least, lower, median, upper, most = (round(each, DECIMALS["seconds"]) for each in values)
        return cls(
            passes=len(seconds), least=least, lower=lower, median=median, upper=upper, most=most
        )


class Accuracies(Entry, frozen=True):
    """Accuracies after some epochs.

    Among the epochs are the first with 90, 95 and 99 % of all that were counted, and the best.
    """

    train: Annotated[
        tuple[EpochAccuracy, ...],
        Meta(description="On the training samples: pairs of an epoch and an accuracy."),
    ] = ()
    test: Annotated[
        tuple[EpochAccuracy, ...],
        Meta(description="On the test samples: pairs of an epoch and an accuracy."),
    ] = ()
    cut_labels: Annotated[
        tuple[EpochAccuracy, ...],
        Meta(
            description=(
                "On the test samples, by labels that are divided by 255 and cut to a whole number, "
                "which is 0 for all: pairs of an epoch and an accuracy."
            )
        ),
    ] = ()


class AuthorsFile(Entry, frozen=True, kw_only=True):
    """A file of the authors' repository."""

    file: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*\Z",
            max_length=400,
            examples=["results/run-1.csv"],
            description="Its path in the repository.",
        ),
    ]
    bytes: Annotated[Count, Meta(description="Its size.")]
    sha256: Annotated[Sha256, Meta(description="Its SHA-256.")]


class AuthorsRun(Entry, frozen=True, kw_only=True):
    """What the authors measured on a machine with a number of workers, and a summary of it."""

    machine: Annotated[Reference, Meta(description="The machine: a file of config/hardware.")]
    workers: Annotated[WorkerCount, Meta(description="The number of workers.")]
    program: Annotated[
        Name | UnsetType, Meta(description="Which of their programs, if they have several.")
    ] = UNSET
    training: Annotated[
        Spread | tuple[Positive, ...],
        Meta(
            description="Seconds of training: how they spread, or a list of all where there are few."
        ),
    ]
    clock: Annotated[
        Literal["wall", "processor"],
        Meta(
            description=(
                "What these seconds are of: the clock on the wall (`wall`), or the processor time of "
                "all workers together (`processor`)."
            )
        ),
    ] = "wall"
    testing: Annotated[
        Spread | UnsetType,
        Meta(description="Seconds of a test on the training samples, which merges nothing."),
    ] = UNSET
    accuracy: Annotated[Accuracies, Meta(description="Accuracies, where counted.")] = Accuracies()
    files: Annotated[
        tuple[AuthorsFile, ...],
        Meta(min_length=1, description="The files that all of this was computed from."),
    ]

    @property
    def name(self) -> str:
        """Return what tells the run from the others."""
        workers = f"{self.workers} worker{'' if self.workers == 1 else 's'}"
        return " ".join(filter(None, (self.machine, self.program or "", f"with {workers}")))


class CampaignDifference(Entry, frozen=True, kw_only=True):
    """By how much speed-ups of other campaigns of the authors differ from these on one machine."""

    machine: Annotated[Reference, Meta(description="The machine: a file of config/hardware.")]
    least: Annotated[
        Fraction, Meta(description="The difference that is usual, or the least of a range.")
    ]
    most: Annotated[Fraction, Meta(description="The largest difference.")]
    source: Annotated[
        Title, Meta(description="What was compared, and in what else the campaigns differ.")
    ]


class Authors(Entry, frozen=True, kw_only=True):
    """The measurements of a paper's authors (config/authors.yaml): where they are, and a summary."""

    repository: Annotated[WebAddress, Meta(description="The authors' repository.")]
    commit: Annotated[
        str,
        Meta(
            pattern=r"^[0-9a-f]{40}\Z",
            title="40 hexadecimal digits",
            description="The commit of it that the files are of.",
        ),
    ]
    licence: Annotated[Licence, Meta(description="The licence that the repository states.")]
    note: Annotated[Text, Meta(description="What the files hold, in our own words.")]
    format: Annotated[
        Literal["passes", "printed"],
        Meta(
            description=(
                "How the files are read: a line a pass with semicolons between its values "
                "(`passes`), or what the program printed (`printed`)."
            )
        ),
    ]
    mirrors: Annotated[
        Mirrors,
        Meta(
            min_length=1,
            extra_json_schema=UNIQUE,
            description="Addresses that the paths of the files are added to, tried in this order; HTTPS only.",
        ),
    ]
    layers: Annotated[
        tuple[Count, ...],
        Meta(min_length=2, description="Neurons of the network's layers, pixels and outputs too."),
    ]
    scale: Annotated[Scale, Meta(description="Size of what the seconds of training are of.")]
    campaign_difference: Annotated[
        tuple[CampaignDifference, ...],
        Meta(description="How far other campaigns of theirs on the same machine lie from these."),
    ] = ()
    runs: Annotated[
        tuple[AuthorsRun, ...],
        Meta(min_length=1, description="Their runs, by machine and number of workers."),
    ]

    @property
    def campaign_differences(self) -> dict[str, float]:
        """Return by machine how far other campaigns of theirs usually lie from these."""
        return {each.machine: each.least for each in self.campaign_difference}


Collection: TypeAlias = Mapping[str, Authors]
"""The authors' measurements by paper."""
