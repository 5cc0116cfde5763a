"""The record of a paper's fitted model."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from records.kinds.kind import Kind
from records.parameter import Parameter
from records.values import Entry, Positive, Title

Speedup: TypeAlias = Annotated[float, Meta(gt=0)]


class PrintedTime(Entry, frozen=True, kw_only=True):
    """Seconds of one worker that the paper prints."""

    seconds: Annotated[Positive, Meta(description="The seconds.")]
    where: Annotated[Title, Meta(description="Where the paper prints them.")]


Method: TypeAlias = Literal[
    "model", "unfitted", "line", "amdahl-cores", "amdahl-workers", "ideal", "efficiency"
]
"""What predicts a speed-up: the fitted model, the model before its fit, and baselines (`pnncore.model.baselines`)."""

Test: TypeAlias = Literal["point", "machine", "forward"]
"""What is held out of a fit: a point, a machine's points, or all points above half of their machine's cores."""

Predictions: TypeAlias = dict[Method, Speedup]


class Point(Entry, frozen=True, kw_only=True):
    """A published speed-up over one worker, and the predictions of it."""

    hardware: Annotated[Title, Meta(description="The machine that the paper measured it on.")]
    workers: Annotated[int, Meta(ge=2, le=1024, description="The number of workers.")]
    observed: Annotated[Speedup, Meta(description="The published speed-up.")]
    predicted: Annotated[
        Speedup, Meta(description="The prediction of the model fitted to all points.")
    ]
    blind: Annotated[
        dict[Test, Predictions],
        Meta(
            description=(
                "The predictions of methods that were fitted without the point, by what was held out."
            )
        ),
    ]
    where: Annotated[Title, Meta(description="Where the paper prints it.")]


class UnseenPoint(Entry, frozen=True, kw_only=True):
    """A speed-up over the printed seconds of one worker that the authors measured and did not print."""

    hardware: Annotated[Title, Meta(description="The authors' machine.")]
    workers: Annotated[int, Meta(ge=1, le=1024, description="The number of workers.")]
    observed: Annotated[Speedup, Meta(description="The speed-up of the median pass.")]
    lower: Annotated[Speedup, Meta(description="The lower quartile of the passes' speed-ups.")]
    upper: Annotated[Speedup, Meta(description="The upper quartile of the passes' speed-ups.")]
    predicted: Annotated[Predictions, Meta(description="The predictions, by what predicts.")]


class ModelRecord(Kind, frozen=True, kw_only=True, tag="model"):
    """The fitted model of a paper's own program on the paper's machines."""

    ABOUT = "models/{paper}"

    version: Literal[5] = 5
    paper: Annotated[Title, Meta(description="The paper.")]
    timing: Annotated[Title, Meta(description="The timing whose schedule it is.")]
    variant: Annotated[Title, Meta(description="Its variant.")]
    merges: Annotated[
        Literal["all", "one"], Meta(description="Whether all workers merge, or one for all.")
    ]
    one_worker: Annotated[
        dict[str, PrintedTime], Meta(description="Printed seconds of one worker, by machine.")
    ]
    parameters: Annotated[dict[str, Parameter], Meta(description="Its parameters, by name.")]
    points: Annotated[tuple[Point, ...], Meta(description="The published speed-ups.")]
    unseen: Annotated[
        tuple[UnseenPoint, ...],
        Meta(description="What the fit has not seen, beside its predictions."),
    ] = ()
