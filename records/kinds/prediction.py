"""The record of a variant's modelled timings on a machine."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from records.basis import Basis
from records.environment import Environment
from records.job import NamedCalibration
from records.kinds.kind import Kind
from records.machine import Machine
from records.parameter import Parameter
from records.values import Entry, Title, WorkerCount

Seconds: TypeAlias = Annotated[float, Meta(ge=0)]


class OneWorkerTime(Entry, frozen=True, kw_only=True):
    """The time of one worker."""

    seconds: Annotated[Seconds, Meta(description="Its seconds.")]
    origin: Annotated[
        Literal["published", "calibrated"],
        Meta(description="Whether the paper prints them, or a calibration gives them."),
    ]
    where: Annotated[str | None, Meta(description="Where the paper prints them, or null.")]


class ModelledTime(Entry, frozen=True, kw_only=True):
    """A modelled time; its parts add up to the seconds."""

    workers: Annotated[WorkerCount, Meta(description="Number of workers.")]
    seconds: Annotated[Seconds, Meta(description="All of the time.")]
    lower: Annotated[
        Seconds, Meta(description="The least seconds by a single repeat of each calibration.")
    ]
    upper: Annotated[Seconds, Meta(description="The largest of these.")]
    compute: Annotated[
        Seconds, Meta(description="Tasks, if they were divided evenly among hardware threads.")
    ]
    wait: Annotated[Seconds, Meta(description="Waiting for the slowest worker and at barriers.")]
    merge: Annotated[Seconds, Meta(description="Merging parameters, and other serial work.")]
    dispatch: Annotated[Seconds, Meta(description="Dispatching tasks and starting threads.")]
    oversubscribed: Annotated[
        bool, Meta(description="Whether there are more workers than hardware threads.")
    ]


class PredictionRecord(Kind, frozen=True, kw_only=True, tag="prediction"):
    """The modelled timings of a variant on a machine."""

    ABOUT = "predictions/{spec.paper}/{spec.experiment}/{spec.variant}/{hardware}"

    version: Literal[4] = 4
    spec: Annotated[NamedCalibration, Meta(description="The variant, and what is modelled of it.")]
    hardware: Annotated[Title, Meta(description="The machine: a profile's name, or `host`.")]
    source: Literal["modelled"] = "modelled"
    implementation: Annotated[
        Literal["paper", "ours"],
        Meta(description="Whether it is the paper's own program on its own machine, or ours."),
    ]
    machine: Annotated[Machine, Meta(description="The machine as the model sees it.")]
    basis: Annotated[Basis, Meta(description="The calibrations that they rest on.")]
    one_worker: Annotated[OneWorkerTime, Meta(description="The time of one worker.")]
    parameters: Annotated[dict[str, Parameter], Meta(description="The parameters, by name.")]
    timings: Annotated[
        tuple[ModelledTime, ...], Meta(description="The times, one for each of `spec.workers`.")
    ]
    environment: Annotated[
        Environment, Meta(description="Machine and software of the calibration.")
    ]
