"""Records of calibrations: of a variant, and of the host."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from records.conditions import Conditions
from records.environment import Environment
from records.job import CalibrationRepeat, HostCalibration, NamedCalibrationRepeat
from records.kinds.kind import Kind
from records.machine import Machine
from records.schedule import Schedule
from records.values import Entry, Positive

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


class TimedPass(Entry, frozen=True, kw_only=True):
    """A short pass of training, timed."""

    seconds: Annotated[Positive, Meta(description="What it took.")]
    schedule: Annotated[Schedule, Meta(description="What it had to do.")]


class Profile(Entry, frozen=True, kw_only=True):
    """What one thread spends an epoch on, in shares of it."""

    forward: Annotated[Share, Meta(description="Forward propagation.")]
    backward: Annotated[Share, Meta(description="Back-propagation and updates.")]
    other: Annotated[Share, Meta(description="The rest.")]


class HostCalibrationRecord(Kind, frozen=True, kw_only=True, tag="calibration"):
    """One repeat of the calibration of the host."""

    ABOUT = "calibrations/host/repeat{spec.repeat}"

    version: Literal[4] = 4
    spec: Annotated[HostCalibration, Meta(description="Which repeat it is.")]
    costs: Annotated[MeetingCosts, Meta(description="What meetings of workers cost.")]
    conditions: Annotated[Conditions, Meta(description="What else the machine had to do.")]
    machine: Annotated[Machine, Meta(description="The host.")]
    environment: Annotated[Environment, Meta(description="Machine and software.")]


class CalibrationRecord(Kind, frozen=True, kw_only=True, tag="calibration"):
    """One repeat of the calibration of a variant on the host."""

    ABOUT = "calibrations/{spec.paper}/{spec.experiment}/{spec.variant}/repeat{spec.repeat}"

    version: Literal[4] = 4
    spec: Annotated[CalibrationRepeat, Meta(description="What was calibrated.")]
    alone: Annotated[
        tuple[TimedPass, ...],
        Meta(
            min_length=1,
            description="Passes of one thread that does the work of several workers in turn.",
        ),
    ]
    together: Annotated[
        TimedPass | None,
        Meta(description="A pass with a worker on every core; null where that would be one."),
    ]
    pixel: Annotated[Seconds, Meta(description="Reading a pixel, if every worker reads them all.")]
    profile: Annotated[Profile, Meta(description="What one thread spends an epoch on.")]
    schedules: Annotated[
        dict[str, Schedule], Meta(description="Its schedules, by number of workers.")
    ]
    published_schedules: Annotated[
        dict[str, Schedule],
        Meta(description="The same at the scale of the paper's own program, if it stands for it."),
    ]
    conditions: Annotated[Conditions, Meta(description="What else the machine had to do.")]
    machine: Annotated[Machine, Meta(description="The host.")]
    environment: Annotated[Environment, Meta(description="Machine and software.")]


class NamedCalibrationRecord(CalibrationRecord, frozen=True, kw_only=True):
    """One repeat of the calibration of a variant in a collection: with the names of the variant."""

    spec: Annotated[NamedCalibrationRepeat, Meta(description="What was calibrated, and its names.")]
