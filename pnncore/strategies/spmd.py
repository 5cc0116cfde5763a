"""Child networks on slices of the data, merged by averaging or summing (Kalwarowskyj & Schikuta; Ott)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
from msgspec import Meta, structs

from pnncore.data.slices import Slices, deal
from pnncore.network.network import Network
from pnncore.strategies.additions import train_and_add
from pnncore.strategies.child import Child, restore, start_child, state_of, train_child
from pnncore.strategies.contract import Likeness, Snapshot, Strategy, Task
from records.schedule import Round, Schedule, training_flops
from records.settings import Options, Training
from records.strategy import Diagram, Presentation, Setup, wording
from records.values import EpochCount


class SpmdOptions(Options, frozen=True):
    """Options of `spmd`."""

    combine: Annotated[
        Literal["mean", "sum"],
        Meta(description="Merge rule: the mean (Ott, eq. 1) or the sum (eq. 2) of the children."),
    ] = "mean"
    merge: Annotated[
        Literal["epoch", "once"],
        Meta(description="Whether children are merged every so many epochs or once at the end."),
    ] = "epoch"
    every: Annotated[EpochCount, Meta(description="Epochs between two merges.")] = 1
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
    start: Annotated[
        Literal["same", "independent"],
        Meta(description="One random network for all children, or one for each."),
    ] = "same"
    slices: Annotated[
        Slices,
        Meta(
            description=(
                "How the data are sliced: in blocks, every n-th sample, drawn once, or drawn each epoch."
            )
        ),
    ] = "contiguous"
    batch: Annotated[
        Literal["child", "shared"],
        Meta(description="A batch for each child, or one batch dealt out to all of them."),
    ] = "child"


def combine(kind: str, children: Sequence[Network]) -> Network:
    """Return the network whose parameters are the unweighted means, or the sums, of the child networks'.

    The sum is computed in float64 and in the children's order, so that it does not depend on which child is first.

    Parameters
    ----------
    kind
        ``mean`` (Ott, eq. 1; Kalwarowskyj & Schikuta, Section 3) or ``sum`` (Ott, eq. 2).
    children
        The child networks.
    """
    total = np.zeros_like(children[0].parameters, dtype=np.float64)
    for child in children:
        total += child.parameters
    if kind == "mean":
        total /= len(children)
    return Network(children[0].architecture, total.astype(children[0].parameters.dtype))


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
    if task.resume:
        restore(children, task.resume)
    else:
        networks = [child.network for child in children]
        yield Snapshot(0, _merge(task, networks), None, tuple(networks))

    last = task.checkpoints[-1]
    trainings = _child_training(task)
    for epochs in _segments(task):
        slices, epoch = _slices(task, epochs[0]), epochs[-1]
        merges = epoch % _period(task) == 0 or epoch == last
        trained = _train_children(
            task,
            [
                (
                    child,
                    task.optimiser,
                    task.listed,
                    task.labels,
                    samples,
                    training,
                    task.seed,
                    worker,
                    epochs,
                )
                for worker, (child, samples, training) in enumerate(
                    zip(children, slices, trainings, strict=True)
                )
            ],
            merges,
        )
        children = [child for child, _, _ in trained]
        merged = _merge(task, [added for _, _, added in trained]) if merges else None
        tested = tuple(child.network for child in children)
        if merged is not None and task.options.after_merge == "broadcast":
            children = _broadcast(task, merged, children)
        if epoch in task.checkpoints:
            loss = float(np.mean([loss for _, loss, _ in trained]))
            yield Snapshot(epoch, merged, loss, tested, state=partial(state_of, children))


def schedule(task: Task[SpmdOptions]) -> Schedule:
    """Return the rounds of parallel training between synchronisations of the child networks, and the merges."""
    parameters, epochs = task.architecture.n_parameters, task.training.epochs
    samples = [len(positions) for positions in _slices(task, 1)]
    meetings = 1 if task.options.slices == "redrawn" else _period(task)
    rounds = [
        Round(
            times=times,
            tasks=training_flops(task.flops_per_sample, samples, length),
            barriers=1,
            dispatched=task.workers,
        )
        for times, length in ((epochs // meetings, meetings), (1, epochs % meetings))
        if times and length
    ]
    goes_on = _period(task) < epochs and task.options.after_merge == "broadcast"
    moved = parameters * (1 + (_merged_memories(task) if goes_on else 0))
    merge = Round(
        times=-(-epochs // _period(task)),
        tasks=(),
        serial=moved * (task.workers + 1),
        bytes_moved=(2 if goes_on else 1) * 4 * moved * task.workers,
    )
    if len(rounds) == 1 and rounds[0].times == merge.times:
        return Schedule(
            (structs.replace(rounds[0], serial=merge.serial, bytes_moved=merge.bytes_moved),)
        )
    return Schedule((*rounds, merge))


def _train_children(
    task: Task[SpmdOptions], arguments: Sequence[tuple[Any, ...]], merges: bool
) -> list[tuple[Child, float, Network]]:
    """Return each child, its loss, and what it adds to the merge, if there is one."""
    if merges and task.options.merged_at == "multiples":
        every = len(task.labels) // task.workers
        return task.pool.map(train_and_add, [(*each, every) for each in arguments])
    return [
        (child, trained.loss, child.network)
        for child, trained in task.pool.map(train_child, arguments)
    ]


def _broadcast(task: Task[SpmdOptions], merged: Network, children: Sequence[Child]) -> list[Child]:
    """Return the children that go on from the merged network."""
    states = [child.state for child in children if child.state]
    if task.optimiser is None or not states or task.options.memories == "kept":
        return [Child(merged, child.state) for child in children]
    if task.options.memories == "reset":
        memory, age = task.optimiser.start(task.training, merged.parameters).memory, 0
    else:
        mean = np.mean([state.memory for state in states], axis=0, dtype=np.float64)
        memory, age = mean.astype(merged.parameters.dtype), states[0].age
    return [Child(merged, replace(state, memory=memory, age=age)) for state in states]


def _merge(task: Task[SpmdOptions], children: Sequence[Network]) -> Network:
    merged = combine(task.options.combine, children)
    if task.options.biases == "kept":
        for biases, start in zip(merged.biases, task.start().biases, strict=True):
            biases[...] = start
        merged.filter_biases[...] = task.start().filter_biases
    return merged


def _period(task: Task[SpmdOptions]) -> int:
    """Return the number of epochs between merges."""
    if task.options.merge == "once":
        return task.training.epochs
    return task.options.every


def _segments(task: Task[SpmdOptions]) -> Iterator[range]:
    """Yield the ranges of remaining epochs without a synchronisation: a merge, a new division or a checkpoint."""
    done = task.done
    for stop in range(done + 1, task.checkpoints[-1] + 1):
        redrawn = task.options.slices == "redrawn"
        if redrawn or stop % _period(task) == 0 or stop in task.checkpoints:
            yield range(done + 1, stop + 1)
            done = stop


def _merged_memories(task: Task[SpmdOptions]) -> int:
    """Return how many arrays of the parameters' shape are merged besides them."""
    if task.optimiser is None or task.options.memories != "merged":
        return 0
    return task.optimiser.memory


def _slices(
    task: Task[SpmdOptions], epoch: int
) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    return deal(task.options.slices, len(task.labels), task.workers, task.seed, epoch)


def _child_training(task: Task[SpmdOptions]) -> list[Training]:
    """Return each child network's hyper-parameters; a shared batch is divided, with at least one sample each."""
    if task.options.batch == "child":
        return [task.training] * task.workers
    share, rest = divmod(task.training.batch_size, task.workers)
    sizes = [max(1, share + (worker < rest)) for worker in range(task.workers)]
    return [structs.replace(task.training, batch_size=size) for size in sizes]


def _one_worker(options: SpmdOptions) -> Likeness:
    """Return that what is kept at its start or reset, or merged before the end of an epoch, makes another network."""
    as_trained = (options.biases, options.merged_at) == ("merged", "end")
    return "same" if as_trained and options.memories != "reset" else "other"


def _improves(options: SpmdOptions) -> bool:
    """Return whether the merged network is a mean of what was learnt; others may be worse."""
    return (options.combine, options.biases, options.merged_at) == ("mean", "merged", "end")


@wording
def diagram(options: SpmdOptions, setup: Setup) -> Diagram:
    """Return the words of its diagram."""
    combined = options.combine
    parts = "weights" if options.biases == "kept" else "weights and biases"
    again, when = _meetings(options)
    return Diagram(
        result="merged network",
        network=setup.layers,
        step=f"{combined} of {parts}",
        worker="network",
        task=setup.layers,
        share="slice",
        whole="training set",
        again=again,
        description=f"From bottom to top: n {setup.worker or 'child network'}s, a slice of the training data for each, "
        f"and the merged network, whose {parts} are the {combined}s of theirs. {when} {setup.counts}",
    )


@wording
def _meetings(options: SpmdOptions) -> tuple[str, str]:
    """Say when child networks are merged, and whether they continue from that: in short, and in a sentence."""
    if options.merge == "once":
        return "", "They are merged once, at the end."
    period = "every epoch" if options.every == 1 else f"every {options.every} epochs"
    if options.after_merge == "shadow":
        return "", f"The merged network is tested after {period}; they go on alone."
    return f"after {period}", f"They are merged after {period} and go on from the merged network."


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
    presentation=Presentation(
        colour="merged",
        cause="with slices smaller than a batch, each update covers fewer samples, which the schedule does not count; "
        "and many child networks do not fit into the caches.",
        diagram=diagram,
    ),
)
