"""Child networks on slices of the data, merged by averaging or summing (Kalwarowskyj & Schikuta; Ott)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Annotated, Final, Literal

from msgspec import Meta

from pnncore.combining.registry import RULES
from pnncore.strategies.child import Child, restore, start_child, state_of
from pnncore.strategies.contract import Likeness, Snapshot, State, Strategy, Task
from pnncore.strategies.merger import Merger, kept_apart
from pnncore.strategies.spmd_epochs import (
    in_parts,
    period,
    train_in_parts,
    train_whole,
)
from pnncore.strategies.spmd_schedule import bytes_moved, schedule
from pnncore.strategies.spmd_team import in_team, train_in_team
from records.combining import AnyRule, Judging, Mean, Sent, Updates
from records.metric import Metric
from records.settings import Options
from records.slices import AnySlices
from records.strategy import Diagram, Presentation, Setup, wording
from records.values import EpochCount

MOVED: Final = "megabytes_moved"
"""Name of the metric of bytes."""


class SpmdOptions(Options, frozen=True):
    """Options of `spmd`."""

    combine: Annotated[
        AnyRule, Meta(description="Merge rule: docs/merge-rules.md has them all.")
    ] = Mean()
    merge: Annotated[
        Literal["epoch", "once"],
        Meta(description="Whether children are merged again and again, or once at the end."),
    ] = "epoch"
    every: Annotated[
        EpochCount | Updates,
        Meta(
            description=(
                "Between two merges, if there are several: a number of epochs, or `updates` of each child, after "
                "which, and after each epoch, they are merged."
            )
        ),
    ] = 1
    merged_at: Annotated[
        Literal["end", "multiples"],
        Meta(
            description=(
                "Whether a child is merged as it is at the end; or as it is whenever, in the epoch before the "
                "merge, it has met a sample whose number, from 1 in file order, is a multiple of the samples "
                "divided by the children, rounded down: before its end, twice or never, if they do not divide."
            )
        ),
    ] = "end"
    biases: Annotated[
        Literal["merged", "kept"],
        Meta(description="Whether biases are merged like weights or stay as they started."),
    ] = "merged"
    after_merge: Annotated[
        Literal["broadcast", "shadow"],
        Meta(
            description=(
                "Whether children go on from the merged network, or alone while it is only tested."
            )
        ),
    ] = "broadcast"
    memories: Annotated[
        Literal["merged", "kept", "reset"],
        Meta(
            description=(
                "What becomes of the optimisers' memories when children go on from the merged network: all "
                "go on with their mean, each with its own, or each with an empty one."
            )
        ),
    ] = "merged"
    sent: Annotated[
        Sent,
        Meta(
            description=(
                "How changes travel to a merge and back: as they are, or rounded, with what rounding keeps back added "
                "to the next one (error feedback; Karimireddy et al., 2019)."
            )
        ),
    ] = "float32"
    dropped: Annotated[
        float,
        Meta(
            ge=0,
            le=0.5,
            description="Share of merges that a child misses, by chance; what it has learnt since the last is lost.",
        ),
    ] = 0.0
    late: Annotated[
        float,
        Meta(
            ge=0,
            le=0.5,
            description="Share of merges for which a child comes late, by chance; its change is added to the next.",
        ),
    ] = 0.0
    start: Annotated[
        Literal["same", "independent"],
        Meta(description="One random network for all children, or one for each."),
    ] = "same"
    slices: Annotated[
        AnySlices,
        Meta(
            description=(
                "How the data are sliced: in blocks, every n-th sample, drawn once, or drawn each epoch; or by class: "
                "a number of `labels` in each slice, or parts of each drawn with a `concentration`."
            )
        ),
    ] = "contiguous"
    batch: Annotated[
        Literal["child", "shared"],
        Meta(description="A batch for each child, or one batch dealt out to all of them."),
    ] = "child"


def train(task: Task[SpmdOptions]) -> Iterator[Snapshot]:
    """Train one child network per worker on its slice, and merge them.

    The merged network is either broadcast to the child networks, which continue from it (local SGD), or a shadow that
    is only tested while they continue from their own parameters. Epochs without a merge have no merged network; the
    last epoch always has one.
    """
    children = [
        start_child(task, w if task.options.start == "independent" else 0)
        for w in range(task.workers)
    ]
    merger = Merger(task)
    if task.resume:
        restore(children, task.resume)
    else:
        networks = [child.network for child in children]
        start = merger.begin(networks)
        yield Snapshot(0, start, None, tuple(networks), metrics=_metrics(task, merger))

    team = in_team(task)
    for epochs in _segments(task):
        epoch = epochs[-1]
        if team:
            children, merged, tested, loss = train_in_team(task, merger, children, epoch)
        elif in_parts(task):
            children, merged, tested, loss = train_in_parts(task, merger, children, epoch)
        else:
            children, merged, tested, loss = train_whole(task, merger, children, epochs)
        if epoch in task.checkpoints:
            state = partial(_state_of, children, merger)
            yield Snapshot(epoch, merged, loss, tested, metrics=_metrics(task, merger), state=state)


def _metrics(task: Task[SpmdOptions], merger: Merger) -> dict[str, float]:
    return {MOVED: bytes_moved(task, merger.arrived, merger.merges) / 1e6}


def _state_of(children: Sequence[Child], merger: Merger) -> State:
    return {**state_of(children), **merger.state()}


def _segments(task: Task[SpmdOptions]) -> Iterator[range]:
    """Yield the ranges of remaining epochs without a synchronisation: a merge, a new division or a checkpoint."""
    done = task.done
    for stop in range(done + 1, task.checkpoints[-1] + 1):
        redrawn = task.options.slices == "redrawn"
        if redrawn or stop % period(task) == 0 or stop in task.checkpoints:
            yield range(done + 1, stop + 1)
            done = stop


def _one_worker(options: SpmdOptions) -> Likeness:
    """Return that whatever changes one child at a merge makes another network."""
    as_trained = (options.biases, options.merged_at) == ("merged", "end")
    arrives = options.sent == "float32" and not options.dropped and not options.late
    everything = not isinstance(options.combine, Judging)
    alone = RULES.of(options.combine).keeps_one and everything and options.memories != "reset"
    return "same" if as_trained and arrives and alone else "other"


def _improves(options: SpmdOptions) -> bool:
    """Return whether the merged network is a mean of what was learnt; others may be worse."""
    as_trained = (options.biases, options.merged_at) == ("merged", "end")
    return as_trained and RULES.of(options.combine).averages


@wording
def diagram(options: SpmdOptions, setup: Setup) -> Diagram:
    """Return the words of its diagram."""
    combined = RULES.of(options.combine).words
    merged = "weights" if options.biases == "kept" else "weights and biases"
    again, when = _meetings(options)
    return Diagram(
        result="merged network",
        network=setup.layers,
        step=f"{combined} of {merged}",
        worker="network",
        task=setup.layers,
        share="slice",
        whole="training set",
        again=again,
        description=f"From bottom to top: n {setup.worker or 'child network'}s, a slice of the training data for each, "
        f"and the merged network, whose {merged} are the {combined}s of theirs. {when} {setup.counts}",
    )


@wording
def _meetings(options: SpmdOptions) -> tuple[str, str]:
    """Say when child networks are merged, and whether they continue from that: in short, and in a sentence."""
    if options.merge == "once":
        return "", "They are merged once, at the end."
    if isinstance(options.every, Updates):
        often = f"every {options.every.updates} updates"
    else:
        often = "every epoch" if options.every == 1 else f"every {options.every} epochs"
    if options.after_merge == "shadow":
        return "", f"The merged network is tested after {often}; they go on alone."
    return f"after {often}", f"They are merged after {often} and go on from the merged network."


STRATEGY = Strategy(
    name="spmd",
    summary="Child networks train on slices of the data and are averaged or summed (Kalwarowskyj & Schikuta; Ott).",
    options=SpmdOptions,
    train=train,
    schedule=schedule,
    repeats=True,
    optimises=True,
    one_worker=_one_worker,
    improves=_improves,
    least_samples=lambda task: kept_apart(task) + 1,
    presentation=Presentation(
        colour="merged",
        cause="with slices smaller than a batch, each update covers fewer samples, which the schedule does not count; "
        "and many child networks do not fit into the caches.",
        diagram=diagram,
        metrics={
            MOVED: Metric(
                label="megabytes moved",
                unit="MB",
                summary="Parameters that went to merges and back so far, also of optimisers that are merged.",
            )
        },
    ),
)
