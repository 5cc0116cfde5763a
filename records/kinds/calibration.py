"""Records of calibrations: of a variant, and of the host."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from records.environment import Environment
from records.job import NamedCalibration, VariantCalibration
from records.kinds.kind import Kind
from records.machine import Machine
from records.schedule import Schedule
from records.values import Entry

Seconds: TypeAlias = Annotated[float, Meta(ge=0)]
Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]


class MeetingCosts(Entry, frozen=True, kw_only=True):
    """What meetings of workers cost on the host, in seconds."""

    barrier: Annotated[
        Seconds, Meta(description="A barrier, for each thread, with a core for every one.")
    ]
    switch: Annotated[Seconds, Meta(description="The same with more threads than cores.")]
    byte: Annotated[Seconds, Meta(description="A byte that another core has written.")]
    call: Annotated[Seconds, Meta(description="Handing tasks to joblib, once.")]
    dispatched: Annotated[Seconds, Meta(description="A task handed to joblib.")]
    started: Annotated[Seconds, Meta(description="Starting a thread.")]


class WorkCosts(Entry, frozen=True, kw_only=True):
    """What a variant's work costs one thread, in seconds."""

    flop: Annotated[Seconds, Meta(description="A floating-point operation.")]
    merged: Annotated[Seconds, Meta(description="A merged parameter.")]
    pixel: Annotated[Seconds, Meta(description="A pixel that every worker reads.")]


class Profile(Entry, frozen=True, kw_only=True):
    """What one thread spends an epoch on, in shares of it."""

    forward: Annotated[Share, Meta(description="Forward propagation.")]
    backward: Annotated[Share, Meta(description="Back-propagation and updates.")]
    other: Annotated[Share, Meta(description="The rest.")]


class HostCalibrationRecord(Kind, frozen=True, kw_only=True, tag="calibration"):
    """The calibration of the host."""

    ABOUT = "calibrations/{machine.name}"

    version: Literal[3] = 3
    costs: Annotated[MeetingCosts, Meta(description="What meetings of workers cost.")]
    machine: Annotated[Machine, Meta(description="The host.")]
    environment: Annotated[Environment, Meta(description="Machine and software.")]


class CalibrationRecord(Kind, frozen=True, kw_only=True, tag="calibration"):
    """The calibration of a variant on the host."""

    ABOUT = "calibrations/{spec.paper}/{spec.experiment}/{spec.variant}"

    version: Literal[3] = 3
    spec: Annotated[VariantCalibration, Meta(description="What was calibrated.")]
    costs: Annotated[WorkCosts, Meta(description="What its work costs one thread.")]
    loaded: Annotated[
        float, Meta(ge=1, description="How much slower its tasks are with a worker on every core.")
    ]
    profile: Annotated[Profile, Meta(description="What one thread spends an epoch on.")]
    schedules: Annotated[
        dict[str, Schedule], Meta(description="Its schedules, by number of workers.")
    ]
    published_schedules: Annotated[
        dict[str, Schedule],
        Meta(description="The same at the scale of the paper's own program, if it stands for it."),
    ]
    machine: Annotated[Machine, Meta(description="The host.")]
    environment: Annotated[Environment, Meta(description="Machine and software.")]


class NamedCalibrationRecord(CalibrationRecord, frozen=True, kw_only=True):
    """The calibration of a variant in a collection: with the names of the variant."""

    spec: Annotated[NamedCalibration, Meta(description="What was calibrated, and its names.")]
