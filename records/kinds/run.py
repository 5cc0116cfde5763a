"""The record of a training run."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from records.environment import Environment
from records.job import NamedRun, Run
from records.kinds.kind import Kind
from records.schedule import Schedule
from records.values import Entry, EpochCount

Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]
Magnitude: TypeAlias = Annotated[float, Meta(ge=0)]
Status: TypeAlias = Literal["completed", "diverged"]


class Epoch(Entry, frozen=True, kw_only=True):
    """Tests after an epoch; epoch 0 is the network before training."""

    epoch: Annotated[int, Meta(ge=0, le=100_000, description="Its number.")]
    metrics: Annotated[
        dict[str, float],
        Meta(
            description=(
                "Values by the name of the metric, those of the merged network at epochs that have "
                "one; also those that the strategy measures itself."
            )
        ),
    ]
    child_accuracies: Annotated[
        tuple[Share, ...],
        Meta(
            description=(
                "Accuracy of each child network on the test samples, before the merge; empty "
                "without children, or if they are not tested."
            )
        ),
    ]


class RunSeconds(Entry, frozen=True, kw_only=True):
    """Seconds of a run, by purpose."""

    train: Annotated[Magnitude, Meta(description="Seconds of training.")]
    evaluate: Annotated[Magnitude, Meta(description="Seconds of tests.")]


class RunRecord(Kind, frozen=True, kw_only=True, tag="run"):
    """A training run."""

    ABOUT = "runs/{spec.paper}/{spec.experiment}/{spec.variant}/w{spec.workers}/seed{spec.seed}"

    version: Literal[5] = 5
    status: Annotated[
        Status, Meta(description="Whether it ended as planned, or with numbers beyond all bounds.")
    ]
    diverged_at: Annotated[
        EpochCount | None,
        Meta(description="The epoch at which it diverged, where the list of epochs ends; or null."),
    ]
    spec: Annotated[Run, Meta(description="What was trained.")]
    epochs: Annotated[
        tuple[Epoch, ...],
        Meta(description="Epochs 0, every `evaluate_every`-th, and the last."),
    ]
    schedule: Annotated[Schedule, Meta(description="The work that the strategy states.")]
    seconds: Annotated[RunSeconds, Meta(description="Seconds, by purpose.")]
    memory_mb: Annotated[
        Magnitude | None,
        Meta(
            description=(
                "Most memory that its process had at once so far, in MB; the runs of a variant "
                "share one."
            )
        ),
    ]
    environment: Annotated[Environment, Meta(description="Machine and software.")]


class NamedRunRecord(RunRecord, frozen=True, kw_only=True):
    """A training run in a collection: with the names of its variant."""

    spec: Annotated[NamedRun, Meta(description="What was trained, and its names.")]
