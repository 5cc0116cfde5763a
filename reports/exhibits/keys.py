"""Configuration keys that kinds of exhibits have in common.

A kind adds its own keys in its file of `reports.exhibits.kinds`. The union of all kinds' keys is what a study's
``exhibits`` may hold; the key ``chart`` names the kind.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from records.rules import at_least_one
from records.values import UNIQUE, Text, Title
from reports.tables.host import HOST

PLACED: Final = ("value", "epoch", "workers", "hidden")
"""Keys of a published point of which it has at least one."""

Name = Title
"""Name of something that the configuration defines elsewhere, or a short text."""

Names: TypeAlias = Annotated[tuple[Name, ...], Meta(min_length=1, extra_json_schema=UNIQUE)]

Part: TypeAlias = Literal["all", "some", "none"]

Factor: TypeAlias = Literal["metric", "variant", "workers", "hardware", "seed", "program"]
"""A factor that distinguishes points: those of runs by their seed if named, those of the authors by their program."""

Factors: TypeAlias = Annotated[tuple[Factor, ...], Meta(extra_json_schema=UNIQUE)]

Machines: TypeAlias = Annotated[
    Names,
    Meta(description="Machines whose timings it shows; those of other machines are modelled."),
]

Timing: TypeAlias = Annotated[
    Name,
    Meta(
        description="The timing of the experiment's variants; it may have fewer epochs than the experiment."
    ),
]


class PublishedPoint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A point that a paper prints; without a place on one of the axes, a level."""

    where: Annotated[Name, Meta(description="Where the paper prints it.")]
    metric: Annotated[
        Name | UnsetType,
        Meta(description="Its metric; the exhibit's first metric unless given."),
    ] = UNSET
    value: Annotated[
        float | UnsetType, Meta(description="The printed value, in the metric's unit.")
    ] = UNSET
    lower: Annotated[float | UnsetType, Meta(description="The least value printed beside it.")] = (
        UNSET
    )
    upper: Annotated[
        float | UnsetType, Meta(description="The largest value printed beside it.")
    ] = UNSET
    epoch: Annotated[Annotated[int, Meta(ge=0)] | UnsetType, Meta(description="Its epoch.")] = UNSET
    workers: Annotated[
        Annotated[int, Meta(ge=1)] | UnsetType, Meta(description="Its number of workers.")
    ] = UNSET
    hidden: Annotated[
        Annotated[int, Meta(ge=1)] | UnsetType, Meta(description="Its number of hidden neurons.")
    ] = UNSET
    variant: Annotated[Name | UnsetType, Meta(description="The variant it belongs to.")] = UNSET
    hardware: Annotated[Name | UnsetType, Meta(description="The machine it was measured on.")] = (
        UNSET
    )
    label: Annotated[
        Name | UnsetType, Meta(description="Name of its series, where its factors give none.")
    ] = UNSET


class TheirSeries(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of the authors' own runs a chart shows: see config/authors.yaml."""

    machines: Annotated[Names, Meta(description="Machines that they ran on.")]
    programs: Annotated[
        tuple[Name, ...],
        Meta(description="Programs of theirs; all unless given.", extra_json_schema=UNIQUE),
    ] = ()
    workers: Annotated[
        tuple[Annotated[int, Meta(ge=1)], ...],
        Meta(description="Numbers of workers; all unless given.", extra_json_schema=UNIQUE),
    ] = ()
    epoch: Annotated[
        Annotated[int, Meta(ge=1)] | UnsetType,
        Meta(
            description=(
                "The epoch of accuracies along workers, or the last along epochs; unless given, the "
                "last that they counted."
            )
        ),
    ] = UNSET
    variant: Annotated[
        Name | UnsetType,
        Meta(
            description="The variant that stands for their program; every panel shows them unless given."
        ),
    ] = UNSET


class Given(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a paper gives to reproduce one of its exhibits from: all, some or none of it."""

    data: Annotated[Part, Meta(description="The data that it was made with.")]
    settings: Annotated[
        Part, Meta(description="Network, hyper-parameters, machine: what a rerun must set.")
    ]
    code: Annotated[
        Part, Meta(description="The program; one that is public beside the paper counts.")
    ]

    @property
    def words(self) -> str:
        """Data, settings and code, each with how much of it is given."""
        return ", ".join(f"{what} {getattr(self, what)}" for what in self.__struct_fields__)


class Exhibit(
    Struct,
    tag_field="chart",
    forbid_unknown_fields=True,
    kw_only=True,
    frozen=True,
    omit_defaults=True,
):
    """Keys that every exhibit has."""

    label: Annotated[Name, Meta(description="The paper's name for it, or its section.")]
    title: Annotated[Name, Meta(description="What it shows.")]
    note: Annotated[Text, Meta(description="What to know when reading it.")] = ""
    given: Annotated[
        Given | UnsetType,
        Meta(
            description="What the paper gives to reproduce it from; not of an exhibit of our own."
        ),
    ] = UNSET

    @property
    def shows_method(self) -> bool:
        """Whether it shows how the paper's own strategy divides the training."""
        return False

    @property
    def sums_up(self) -> bool:
        """Whether it shows in one chart what the exhibits of our own runs show one by one."""
        return False


class ChartKeys(Exhibit, kw_only=True, frozen=True):
    """Keys of a chart of runs or timings."""

    experiment: Annotated[
        Name, Meta(description="The experiment, or the timing, whose results it shows.")
    ]
    metrics: Annotated[
        Names,
        Meta(description="Metrics that it shows."),
    ]
    series: Annotated[
        Factors,
        Meta(
            description=(
                "Factors that distinguish its lines; with `program`, each of the authors' programs has "
                "a line."
            )
        ),
    ] = ()
    panel: Annotated[
        Factors,
        Meta(
            description=(
                "Factors that distinguish its panels; with `seed`, here or there, runs are not "
                "averaged over their seeds."
            )
        ),
    ] = ()
    variants: Annotated[
        Names, Meta(description="Variants that it shows; all variants unless given.")
    ] = ()
    beside: Annotated[
        Names,
        Meta(
            description="Further experiments that it shows; no two of their variants share a name."
        ),
    ] = ()
    in_every_panel: Annotated[
        tuple[Name, ...],
        Meta(description="Variants that every panel shows.", extra_json_schema=UNIQUE),
    ] = ()
    worker: Annotated[Name, Meta(description="The paper's word for a worker, in the singular.")] = (
        "worker"
    )
    published: Annotated[
        tuple[
            Annotated[
                PublishedPoint,
                Meta(extra_json_schema=at_least_one(*PLACED)),
            ],
            ...,
        ],
        Meta(description="Points that the paper prints."),
    ] = ()
    authors: Annotated[
        TheirSeries | UnsetType,
        Meta(description="Runs of the authors' own that it shows beside ours."),
    ] = UNSET

    @property
    def axis(self) -> str:
        """The factor along the axis; empty for bars, which have no such axis."""
        return ""

    @property
    def panels(self) -> tuple[str, ...]:
        """Factors that distinguish the panels, or bars."""
        return self.panel

    @property
    def experiments(self) -> tuple[str, ...]:
        """Names of the experiments, or of the timings, whose results it shows."""
        return tuple(filter(None, [self.experiment, *self.beside]))


class AxisKeys(ChartKeys, kw_only=True, frozen=True):
    """Keys of a chart that has an axis; its kind says which."""

    x: Annotated[str, Meta(description="The factor along its axis.")]

    @property
    def axis(self) -> str:
        """The factor along the axis."""
        return self.x


class TimedKeys(AxisKeys, kw_only=True, frozen=True):
    """Keys of a chart that shows timings on one or more machines."""

    hardware: Machines = (HOST,)


class DrawingKeys(Exhibit, kw_only=True, frozen=True):
    """Keys of a drawing of a variant's configuration."""

    experiment: Annotated[
        Name, Meta(description="The experiment of its variant; the study's first unless given.")
    ] = ""
    variant: Annotated[
        Name, Meta(description="The variant; the first of the experiment unless given.")
    ] = ""


def point_of(published: PublishedPoint) -> dict[str, Any]:
    """Return the keys that a published point has."""
    found = {key: getattr(published, key) for key in published.__struct_fields__}
    return {key: value for key, value in found.items() if value is not UNSET}
