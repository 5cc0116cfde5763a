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


class Confidence(Entry, frozen=True, kw_only=True):
    """Three readings of “confidence”; outputs that are no probabilities are not bounded."""

    top: Annotated[float | None, Meta(description="Mean of the largest output.")]
    true_class: Annotated[float | None, Meta(description="Mean output of the true class.")]
    top_correct: Annotated[
        float | None,
        Meta(
            description=(
                "Mean of the largest output over correctly classified samples; null without any."
            )
        ),
    ]


class Children(Entry, frozen=True, kw_only=True):
    """Tests of the child networks before the merge."""

    test_accuracy: Annotated[
        tuple[Share, ...],
        Meta(
            description=(
                "Accuracy of each on the test samples; empty without children, or if they are not "
                "tested."
            )
        ),
    ]


class Epoch(Entry, frozen=True, kw_only=True):
    """Tests after an epoch; epoch 0 is the network before training."""

    epoch: Annotated[int, Meta(ge=0, le=100_000, description="Its number.")]
    loss: Annotated[
        Magnitude | None,
        Meta(description="Mean training loss over the epoch, averaged over the workers."),
    ]
    test_accuracy: Annotated[
        Share | None,
        Meta(
            description=(
                "Fraction of the test samples that the merged network classifies correctly; null, "
                "as all that is of it, at an epoch without one."
            )
        ),
    ] = None
    train_accuracy: Annotated[
        Share | None,
        Meta(description="The same of the training samples, where these are tested."),
    ] = None
    confidence: Annotated[
        Confidence | None, Meta(description="The merged network's confidence in the test samples.")
    ] = None
    confidence_spread: Annotated[
        float | None,
        Meta(description="Standard deviation of the largest output over the test samples."),
    ] = None
    weight_magnitude: Annotated[
        Magnitude | None,
        Meta(description="Mean magnitude of the merged network's weights and biases."),
    ] = None
    children: Annotated[Children, Meta(description="Tests of the child networks.")]
    facts: Annotated[
        dict[str, float],
        Meta(description="What else the strategy tells of the epoch, by the name of a metric."),
    ]


class RunSeconds(Entry, frozen=True, kw_only=True):
    """Seconds of a run, by purpose."""

    train: Annotated[Magnitude, Meta(description="Seconds of training.")]
    evaluate: Annotated[Magnitude, Meta(description="Seconds of tests.")]


class RunRecord(Kind, frozen=True, kw_only=True, tag="run"):
    """A training run."""

    ABOUT = "runs/{spec.paper}/{spec.experiment}/{spec.variant}/w{spec.workers}/seed{spec.seed}"

    version: Literal[4] = 4
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
