"""Variants of experiments and timings: a strategy, and everything that is set of its training."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from records.samples import Samples
from records.settings import Network, Training
from records.strategy import Colour
from records.values import (
    UNIQUE,
    Count,
    Entry,
    Name,
    Reference,
    RepeatCount,
    Seed,
    Seeds,
    StudyName,
    Text,
    Title,
    Workers,
)


class Settings(Entry, frozen=True):
    """What is trained, and with how many workers."""

    network: Annotated[Network, Meta(description="The network.")] = Network()
    training: Annotated[Training, Meta(description="Hyper-parameters.")] = Training()
    samples: Annotated[
        Samples, Meta(description="How many samples are used, the first of each split.")
    ] = Samples()
    workers: Annotated[
        Workers, Meta(description="Numbers of workers; each is a run of its own.")
    ] = (1,)


class RunSettings(Settings, frozen=True):
    """Settings of runs."""

    seeds: Annotated[
        Seeds, Meta(description="Seeds of the random streams; each is a run of its own.")
    ] = (1,)
    evaluate_every: Annotated[
        Count,
        Meta(description="Test the network after every so many epochs, and after the last."),
    ] = 1
    evaluate_children: Annotated[
        bool, Meta(description="Whether each child network is tested, too.")
    ] = False
    evaluate_training: Annotated[
        bool, Meta(description="Whether networks are tested on the training samples, too.")
    ] = False


class TimingSettings(Settings, frozen=True):
    """Settings of timings."""

    seed: Annotated[Seed, Meta(description="Seed of the random streams.")] = 1
    repeats: Annotated[
        RepeatCount, Meta(description="Timed repeats, each a process of its own.")
    ] = 5
    hardware: Annotated[
        tuple[Title, ...],
        Meta(
            min_length=1,
            extra_json_schema=UNIQUE,
            description=(
                "Machines to time on: `host`, and any of config/hardware; measured only where this "
                "host has at least as many cores."
            ),
        ),
    ] = ("host",)


# Keys of both kinds of variants; msgspec's structures have no two bases with fields.
VariantTitle: TypeAlias = Annotated[Title, Meta(description="What the pages call the variant.")]
StrategyName: TypeAlias = Annotated[Reference, Meta(description="Name of the strategy.")]
StrategyOptions: TypeAlias = Annotated[
    dict[str, Any], Meta(description="The strategy's own options.")
]
VariantColour: TypeAlias = Annotated[
    Colour | UnsetType,
    Meta(
        description=(
            "Its colour in figures with a colour a variant; of a variant that is named after its "
            "strategy, the strategy's unless given."
        )
    ),
]


class RunVariant(RunSettings, frozen=True, kw_only=True):
    """A strategy under one reading of the paper, to be run."""

    title: VariantTitle
    strategy: StrategyName
    options: StrategyOptions = {}
    colour: VariantColour = UNSET


class Choice(Entry, frozen=True, kw_only=True):
    """Which settings a search has chosen."""

    search: Annotated[StudyName, Meta(description="The comparison that searched.")]
    experiment: Annotated[Name, Meta(description="Its experiment that chose last.")]
    variant: Annotated[Name, Meta(description="Its variant, whose grid was searched.")]
    only: Annotated[
        Annotated[tuple[Text, ...], Meta(min_length=1)] | UnsetType,
        Meta(description="Paths of the values that are taken; all unless given."),
    ] = UNSET


Chosen: TypeAlias = Annotated[
    Choice | UnsetType,
    Meta(
        description=(
            "The search whose best combination it takes (config/chosen.yaml): its values go over those written."
        )
    ),
]


class WrittenVariant(RunVariant, frozen=True, kw_only=True):
    """A variant, or with a grid several of them."""

    grid: Annotated[
        dict[str, Annotated[tuple[Any, ...], Meta(min_length=1)]],
        Meta(
            description=(
                "Values by the path of a setting, such as `training.learning_rate`: a variant for each combination."
            )
        ),
    ] = {}
    chosen: Chosen = UNSET


class TimingVariant(TimingSettings, frozen=True, kw_only=True):
    """A strategy under one reading of the paper, to be timed."""

    title: VariantTitle
    strategy: StrategyName
    options: StrategyOptions = {}
    colour: VariantColour = UNSET


class WrittenTimingVariant(TimingVariant, frozen=True, kw_only=True):
    """A variant of a timing."""

    chosen: Chosen = UNSET
