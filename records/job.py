"""Jobs: what the commands of `pnncore` that work on a dataset are told to make."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from records.samples import Samples
from records.settings import Network, Scale, Training
from records.values import (
    Count,
    Entry,
    RepeatCount,
    Seed,
    Seeds,
    Title,
    WorkerCount,
    Workers,
)


class Content(Entry, frozen=True):
    """What a prepared dataset holds: all of it that numbers depend on.

    Attributes
    ----------
    classes
        Number of classes.
    train, test
        SHA-256 of the split's ``images`` and ``labels``, as the manifest states them.
    """

    classes: int
    train: dict[str, str]
    test: dict[str, str]


class Job(Entry, frozen=True, kw_only=True):
    """What is trained, on which data, and how."""

    dataset: Annotated[Title, Meta(description="Name of the dataset.")]
    data: Annotated[Content, Meta(description="What the prepared dataset holds.")]
    strategy: Annotated[Title, Meta(description="Name of the strategy.")]
    options: Annotated[dict[str, Any], Meta(description="The strategy's options.")]
    network: Network
    training: Training
    samples: Samples


class Run(Job, frozen=True, kw_only=True):
    """One run."""

    workers: WorkerCount
    seed: Seed
    evaluate_every: Count
    evaluate_children: bool
    evaluate_training: bool


class Repeat(Job, frozen=True, kw_only=True):
    """One repeat of a timing.

    Attributes
    ----------
    hardware
        The machine that it stands for.
    cores
        Cores that it is confined to; None for all.
    """

    workers: WorkerCount
    seed: Seed
    hardware: str
    cores: int | None
    repeat: RepeatCount


class NamedRun(Run, frozen=True, kw_only=True):
    """One run, with its variant's names."""

    paper: Title
    experiment: Title
    variant: Title


class NamedRepeat(Repeat, frozen=True, kw_only=True):
    """One repeat of a timing, with its variant's names."""

    paper: Title
    experiment: Title
    variant: Title


class VariantCalibration(Job, frozen=True, kw_only=True):
    """What a calibrated variant is modelled for.

    Attributes
    ----------
    workers
        Numbers of workers that schedules are stated for.
    published
        Scale of a paper's own program, if the variant stands for it.
    """

    workers: Workers
    seed: Seed
    published: Scale | None


class CalibrationRepeat(VariantCalibration, frozen=True, kw_only=True):
    """One repeat of the calibration of a variant."""

    repeat: RepeatCount


class HostCalibration(Entry, frozen=True, kw_only=True):
    """One repeat of the calibration of the host."""

    repeat: Annotated[RepeatCount, Meta(description="Its number.")]


class VariantRuns(Job, frozen=True, kw_only=True):
    """All runs of a variant: every number of workers with every seed."""

    paper: Title
    experiment: Title
    variant: Title
    workers: Workers
    seeds: Seeds
    evaluate_every: Count
    evaluate_children: bool
    evaluate_training: bool


class VariantRepeats(Job, frozen=True, kw_only=True):
    """One repeat of all timings of a variant.

    Attributes
    ----------
    hardware
        Cores to be confined to, by machine; None for the host, which is never confined.
    """

    paper: Title
    experiment: Title
    variant: Title
    workers: Workers
    seed: Seed
    hardware: dict[str, WorkerCount | None]
    repeat: RepeatCount


class NamedCalibration(VariantCalibration, frozen=True, kw_only=True):
    """What a calibrated variant is modelled for, with the variant's names."""

    paper: Title
    experiment: Title
    variant: Title


class NamedCalibrationRepeat(CalibrationRepeat, frozen=True, kw_only=True):
    """One repeat of the calibration of a variant, with the variant's names."""

    paper: Title
    experiment: Title
    variant: Title


class Examination(Entry, frozen=True, kw_only=True):
    """The examination of a property on a dataset."""

    property: Title
    dataset: Title
    data: Content


class Gallery(Entry, frozen=True, kw_only=True):
    """Images of each class of a dataset, with the names of the classes."""

    dataset: Title
    data: Content
    names: tuple[Title, ...]
