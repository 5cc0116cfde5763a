"""Models of timings: what a paper's file says of one, and what the commands that fit and predict are told."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from records.machine import Machine
from records.rules import exactly_one
from records.settings import Scale
from records.values import UNIQUE, Entry, Fraction, Positive, Reference, Text, Title

Files: TypeAlias = Annotated[tuple[Title, ...], Meta(min_length=1)]


class OneWorker(Entry, frozen=True):
    """The seconds of one worker that a paper prints."""

    hardware: Annotated[Reference, Meta(description="The machine.")]
    seconds: Annotated[Positive, Meta(description="The seconds.")]
    where: Annotated[Title, Meta(description="Where the paper prints them.")]


class PublishedSpeed(Entry, frozen=True, kw_only=True):
    """The speed of several workers that a paper prints, in one of three ways."""

    hardware: Annotated[Reference, Meta(description="The machine.")]
    workers: Annotated[int, Meta(ge=2, le=1024, description="The number of workers.")]
    where: Annotated[Title, Meta(description="Where the paper prints it.")]
    speedup: Annotated[Positive | UnsetType, Meta(description="One worker's time over theirs.")] = (
        UNSET
    )
    seconds: Annotated[Positive | UnsetType, Meta(description="Their seconds.")] = UNSET
    time_reduction: Annotated[
        Fraction | UnsetType, Meta(description="The share of one worker's time that they save.")
    ] = UNSET


class PaperModel(Entry, frozen=True, kw_only=True):
    """How long a paper's own program takes on its own machines.

    It is the schedule of one of our timings, with parameters fitted to the speed-ups that the paper prints.
    """

    timing: Annotated[Reference, Meta(description="The timing whose schedule it is.")]
    variant: Annotated[Reference, Meta(description="Its variant.")]
    scale: Annotated[
        Scale, Meta(description="Size of a run of the paper's own program, in every edition.")
    ]
    parameters: Annotated[
        tuple[Literal["serial_share", "merge_share", "sync_share", "smt_yield", "loaded"], ...],
        Meta(
            max_length=3,
            extra_json_schema=UNIQUE,
            description=(
                "The parameters to fit; the others keep the value calibrated on this host, or their"
                " default."
            ),
        ),
    ]
    points: Annotated[
        tuple[
            Annotated[
                PublishedSpeed,
                Meta(extra_json_schema=exactly_one(["speedup"], ["seconds"], ["time_reduction"])),
            ],
            ...,
        ],
        Meta(min_length=1, description="The speeds of several workers that the paper prints."),
    ]
    note: Annotated[
        Text, Meta(description="Why these parameters are fitted, and what the model may miss.")
    ]
    merges: Annotated[
        Literal["all", "one"],
        Meta(
            description=(
                "Whether, in the paper's program, all workers merge, each a part, or one merges "
                "while all wait."
            )
        ),
    ] = "all"
    one_worker: Annotated[
        tuple[OneWorker, ...], Meta(description="Seconds of one worker that the paper prints.")
    ] = ()

    @property
    def timed(self) -> str:
        """Return the timing and its variant as ``timing/variant``."""
        return f"{self.timing}/{self.variant}"

    @property
    def printed(self) -> frozenset[tuple[str, int]]:
        """Return the machines and worker counts whose speed the paper prints, one worker included."""
        one = ((each.hardware, 1) for each in self.one_worker)
        return frozenset([*one, *((point.hardware, point.workers) for point in self.points)])


class UnseenTime(Entry, frozen=True, kw_only=True):
    """What the authors measured and did not print: seconds of a pass with a number of workers.

    Attributes
    ----------
    hardware
        The machine.
    workers
        The number of workers.
    seconds, lower, upper
        Median and quartiles of the passes.
    """

    hardware: str
    workers: int
    seconds: Positive
    lower: Positive
    upper: Positive


class Fit(PaperModel, frozen=True, kw_only=True):
    """The fit of a paper's model.

    Attributes
    ----------
    machines
        The paper's machines by name.
    calibration, host
        Files: the repeats of the calibration of the variant, and those of the host's.
    unseen
        What the fitted model is to predict and the fit must not see.
    """

    paper: Title
    machines: dict[str, Machine]
    calibration: Files
    host: Files
    unseen: tuple[UnseenTime, ...] = ()


class FittedModel(Entry, frozen=True, kw_only=True):
    """A fitted model: its file, the variant that stands for the paper's program, and the paper's machines."""

    path: Title
    variant: Title
    machines: tuple[str, ...]

    def stands_for(self, variant: str, machine: str) -> bool:
        """Tell whether it says how long a variant takes on a machine."""
        return variant == self.variant and machine in self.machines


class Predictions(Entry, frozen=True, kw_only=True):
    """What the timed variants of a study would take on machines.

    Attributes
    ----------
    host
        Files: the repeats of the host's calibration.
    calibrations
        Files: the repeats of each variant's calibration, by ``timing/variant``.
    machines
        Machines by name.
    model
        The paper's fitted model, if there is one.
    """

    study: Title
    host: Files
    calibrations: dict[str, Files]
    machines: dict[str, Machine]
    model: FittedModel | None
