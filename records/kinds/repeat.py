"""The record of one repeat of a timing."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from records.conditions import Conditions, Reading
from records.environment import Environment
from records.job import NamedRepeat, Repeat
from records.kinds.kind import Kind
from records.machine import CoreCount
from records.values import WorkerCount


class Measurement(Conditions, frozen=True, kw_only=True):
    """What was measured, and in which conditions; what a system does not tell is null."""

    seconds: Annotated[
        float, Meta(ge=0, description="Seconds of training and merging, and of nothing else.")
    ]
    processor_seconds: Annotated[
        float,
        Meta(
            ge=0,
            description="Seconds of processors meanwhile, of all threads and processes of the training together.",
        ),
    ]
    started: Annotated[str, Meta(description="Date and time of the start, UTC.")]
    affinity: Annotated[
        tuple[int, ...] | None, Meta(description="Logical CPUs that a worker could use.")
    ]
    load_before: Annotated[Reading, Meta(description="Load of the minute before.")]
    frequency_mhz_before: Annotated[Reading, Meta(description="Clock before.")]
    load_after: Annotated[Reading, Meta(description="Load of the minute before the end.")]
    frequency_mhz_after: Annotated[Reading, Meta(description="Clock after.")]
    blas_threads: Annotated[int | None, Meta(description="Threads of BLAS in a worker.")]
    openmp_threads: Annotated[int | None, Meta(description="Threads of OpenMP in a worker.")]


class RepeatRecord(Kind, frozen=True, kw_only=True, tag="repeat"):
    """One repeat of a timing."""

    ABOUT = "timings/{spec.paper}/{spec.experiment}/{spec.variant}/w{spec.workers}/{spec.hardware}/repeat{spec.repeat}"

    version: Literal[7] = 7
    status: Annotated[
        Literal["completed", "diverged"],
        Meta(description="Whether all numbers of the trained networks are finite."),
    ]
    spec: Annotated[Repeat, Meta(description="What was timed.")]
    cores: Annotated[CoreCount, Meta(description="Physical cores that the process had.")]
    hardware_threads: Annotated[
        int, Meta(ge=1, le=65_536, description="Hardware threads of these cores.")
    ]
    jobs: Annotated[WorkerCount, Meta(description="Workers that ran at once.")]
    backend: Annotated[str, Meta(description="Joblib's backend.")]
    repeat: Annotated[Measurement, Meta(description="What was measured.")]
    environment: Annotated[Environment, Meta(description="The whole machine, and software.")]


class NamedRepeatRecord(RepeatRecord, frozen=True, kw_only=True):
    """One repeat of a timing in a collection: with the names of its variant."""

    spec: Annotated[NamedRepeat, Meta(description="What was timed, and its names.")]
