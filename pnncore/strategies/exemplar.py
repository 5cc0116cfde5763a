"""Worker batches of exemplars, merged after each round or as workers return (Wiesinger & Schikuta)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Literal, NamedTuple

import numpy as np
from msgspec import Meta, structs

from pnncore.arrays import Floats, Indices, Labels, make_aligned
from pnncore.kernels.atomic import Cells
from pnncore.kernels.compiled import exact
from pnncore.kernels.descent import train_samples
from pnncore.kernels.listed import Listed
from pnncore.kernels.merging import PART, add_changes, average, copy
from pnncore.kernels.plan import Rule, Shape
from pnncore.kernels.scratch import Scratch, make_scratch
from pnncore.kernels.threads import await_turn, end_turn, make_barrier, make_turns, wait
from pnncore.network.network import Network
from pnncore.network.sgd import make_rule
from pnncore.randomness import stream
from pnncore.strategies.contract import Snapshot, State, Strategy, Task
from records.schedule import Round, Schedule, training_flops
from records.settings import Options
from records.strategy import Diagram, Presentation, Setup, wording


class ExemplarOptions(Options, frozen=True):
    """Options of `exemplar`."""

    combine: Annotated[
        Literal["mean", "sum"],
        Meta(
            description="Merge rule: the mean of the workers' weights, or the sum of their changes."
        ),
    ] = "mean"
    merge: Annotated[
        Literal["rounds", "return"],
        Meta(
            description="Whether workers are merged when all have returned, or each when it returns."
        ),
    ] = "rounds"
    refresh: Annotated[
        Literal["merged", "own"],
        Meta(description="Whether workers take the merged weights, or keep their own."),
    ] = "merged"


class Common(NamedTuple):
    """Data shared by the threads of an epoch.

    Attributes
    ----------
    merged, start
        Parameters of the main network, now and at the start of the run, shape (parameters,).
    workers, bases
        Each worker's parameters, now and at its last merge, shape (workers, parameters); the latter has no rows if
        merges are in rounds.
    size
        Exemplars per worker batch.
    threads
        Number of threads.
    add, refresh
        Whether changes are added rather than averaged; whether workers take over the merged parameters.
    barrier, turns
        Synchronisation of merges in rounds, and of merges on return.
    losses
        Each worker's loss so far, shape (workers,).
    """

    merged: Floats
    start: Floats
    workers: Floats
    bases: Floats
    size: int
    threads: int
    add: bool
    refresh: bool
    barrier: Cells
    turns: Cells
    losses: Floats


def train(task: Task[ExemplarOptions]) -> Iterator[Snapshot]:
    """Train workers online on worker batches, and merge their parameters into the main network.

    `batch_size` is the size of a worker batch. Batches are handed out to the workers in turn, as to equally fast
    workers, so merges on return give the same results with any number of threads.
    """
    network = task.start()
    parameters = network.parameters
    start = parameters.copy()
    # Without a refresh, workers keep their own weights across batches and epochs.
    workers = np.tile(parameters, (task.workers, 1))
    bases = workers.copy() if task.options.merge == "return" else workers[:0]
    state: Callable[[], State] = partial(dict, parameters=parameters, workers=workers, bases=bases)
    if task.resume:
        task.resume.restore(state())
    else:
        yield Snapshot(0, network.copy(), None)

    samples = np.arange(len(task.labels))
    shape = task.architecture.shape(parameters.dtype)
    online = structs.replace(task.training, batch_size=1)
    rule = make_rule(online, task.architecture, parameters.dtype)
    threads = min(task.workers, task.pool.jobs)
    size = min(task.training.batch_size, len(samples))
    scratches = [make_scratch(shape, rule, size) for _ in range(threads)]
    buffers = [make_aligned((PART,), np.float64) for _ in range(threads)]
    work = _work_in_rounds if task.options.merge == "rounds" else _work_in_turn
    options = (task.options.combine == "sum", task.options.refresh == "merged")
    for epoch in range(task.done + 1, task.checkpoints[-1] + 1):
        order = samples
        if task.training.shuffle:
            order = stream(task.seed, "shuffle", 0, epoch).permutation(samples)
        barrier, turns, losses = make_barrier(threads), make_turns(), np.zeros(task.workers)
        common = Common(
            parameters, start, workers, bases, size, threads, *options, barrier, turns, losses
        )
        task.pool.team(
            work,
            [
                (shape, rule, scratch, sums, common, task.listed, task.labels, order, rank)
                for rank, (scratch, sums) in enumerate(zip(scratches, buffers, strict=True))
            ],
        )
        if epoch in task.checkpoints:
            merged = Network(task.architecture, parameters.copy())
            yield Snapshot(epoch, merged, float(losses.sum()) / len(samples), state=state)


@exact
def _work_in_rounds(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    sums: Floats,
    common: Common,
    listed: Listed,
    labels: Labels,
    order: Indices,
    rank: int,
) -> None:
    """Run one thread of an epoch: train its workers on a batch each, wait, merge its part of the parameters, wait."""
    merged, workers, size = common.merged, common.workers, common.size
    n, count = order.shape[0], workers.shape[0]
    low = merged.shape[0] * rank // common.threads
    high = merged.shape[0] * (rank + 1) // common.threads
    origin = merged if common.refresh else common.start
    for first in range(0, n, size * count):
        for w in range(rank, count, common.threads):
            batch = order[first + w * size : first + (w + 1) * size]
            if batch.shape[0] > 0:
                if common.refresh:
                    copy(merged, workers[w])
                common.losses[w] += train_samples(
                    shape, rule, scratch, workers[w], listed, labels, batch
                )
        wait(common.barrier)
        # Refreshed workers are merged only if they had a batch; workers with their own weights are always merged.
        handed = min(count, (n - first + size - 1) // size)
        part = handed if common.refresh else count
        if common.add:
            add_changes(workers, part, origin, merged, low, high, sums)
        else:
            average(workers, part, merged, low, high, sums)
        wait(common.barrier)


@exact
def _work_in_turn(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    sums: Floats,
    common: Common,
    listed: Listed,
    labels: Labels,
    order: Indices,
    rank: int,
) -> None:
    """Run one thread of an epoch: train a worker on its batch, merge it in turn, and continue with the next batch."""
    merged, workers, size = common.merged, common.workers, common.size
    n, count = order.shape[0], workers.shape[0]
    for b in range((n + size - 1) // size):
        w = b % count
        if w % common.threads != rank:
            continue
        batch = order[b * size : (b + 1) * size]
        common.losses[w] += train_samples(shape, rule, scratch, workers[w], listed, labels, batch)
        await_turn(common.turns, b)
        share = 1 if common.add else count
        _merge_one(merged, workers[w], common.bases[w], share, common.refresh)
        end_turn(common.turns)


@exact
def _merge_one(merged: Floats, worker: Floats, base: Floats, count: int, refresh: bool) -> None:
    """Add a worker's change since its last merge, divided by `count`; with `refresh`, give it the merged parameters."""
    for j in range(merged.shape[0]):
        # A single worker is the merged network, bit for bit.
        if count == 1 and merged[j] == base[j]:
            merged[j] = worker[j]
        else:
            merged[j] += (worker[j] - base[j]) / count
        if refresh:
            worker[j] = merged[j]
        base[j] = worker[j]


def schedule(task: Task[ExemplarOptions]) -> Schedule:
    """Return the rounds of worker batches, each with a merge: by all workers in parts, or by each worker on return."""
    parameters, n, size = task.architecture.n_parameters, len(task.labels), task.training.batch_size
    flops = task.architecture.flops_per_sample
    batches = [min(size, n - first) for first in range(0, n, size)]
    in_rounds, refreshed = task.options.merge == "rounds", task.options.refresh == "merged"
    rounds: list[Round] = [
        Round(times=task.training.epochs, tasks=(), started=task.workers),
    ]
    for first in range(0, len(batches), task.workers):
        handed = batches[first : first + task.workers]
        merged = len(handed) if refreshed else task.workers
        # A merge reads the workers and writes the main network; a refresh reads that and writes the worker. On return,
        # a worker reads and writes the main network, its own parameters and its base.
        copied = 2 * len(handed) if refreshed else 0
        this = Round(
            times=task.training.epochs,
            tasks=training_flops(flops, handed),
            shared=parameters * (merged + 1 + copied) if in_rounds else 0,
            serial=0 if in_rounds else 6 * parameters * len(handed),
            overlapping=not in_rounds,
            # In rounds: a part of every worker's parameters, and all merged ones; on return: the main network twice.
            bytes_moved=2 * 4 * parameters,
            barriers=2 if in_rounds else 0,
        )
        if rounds and structs.replace(rounds[-1], times=this.times) == this:
            rounds[-1] = structs.replace(rounds[-1], times=rounds[-1].times + this.times)
        else:
            rounds.append(this)
    return Schedule(tuple(rounds))


@wording
def diagram(options: ExemplarOptions, setup: Setup) -> Diagram:
    """Return the words of its diagram."""
    size, worker = setup.training.batch_size, setup.worker or "worker"
    added, returns = options.combine == "sum", options.merge == "return"
    main = "to which their changes are added" if added else "the mean of theirs"
    when = (
        "Whoever returns is merged at once and takes the next batch."
        if returns
        else "When all have returned, the next round starts from the main network."
    )
    if options.refresh == "own":
        when = "Then the next round starts, each from its own network."
    return Diagram(
        result="main network",
        network=setup.layers,
        step=f"{'sum' if added else 'mean'} of what they learnt",
        worker=worker,
        task="own network",
        share="batch",
        whole=f"training set, in worker batches of {size}",
        again="next batch" if returns else "next round",
        description=f"From bottom to top: n {worker}s, each of which learns from a batch of {size} samples, one after "
        f"the other, in a network of its own, and the main network, {main}. {when} {setup.counts}",
    )


STRATEGY = Strategy(
    name="exemplar",
    summary="Workers learn online from batches of exemplars, merged after each batch (Wiesinger & Schikuta).",
    options=ExemplarOptions,
    train=train,
    schedule=schedule,
    by_sample=True,
    # Sums of several workers' changes may overshoot.
    improves=lambda options: options.combine == "mean",
    presentation=Presentation(colour="other-2", diagram=diagram),
)
