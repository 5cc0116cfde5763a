"""Worker batches of exemplars, merged after each round or as workers return (Wiesinger & Schikuta)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta, structs

from pnncore.arrays import make_aligned
from pnncore.kernels.atomic import make_cells
from pnncore.kernels.merging import PART
from pnncore.kernels.scratch import make_scratch
from pnncore.kernels.threads import make_barrier, make_lock, make_turns
from pnncore.kernels.worker_batches import RULES, Common, work_in_rounds, work_in_turn
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
        Literal["mean", "sum", "outstanding"],
        Meta(
            description=(
                "Merge rule: the mean of the workers' weights; the sum of their changes; or that of "
                "their changes divided by the number of workers that are still out, the returning "
                "one included."
            )
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
    order: Annotated[
        Literal["worker", "arrival"],
        Meta(
            description="Whether workers return in their own order, or in that in which threads finish."
        ),
    ] = "worker"


def train(task: Task[ExemplarOptions]) -> Iterator[Snapshot]:
    """Train workers online on worker batches, and merge their parameters into the main network.

    `batch_size` is the size of a worker batch. Batches are handed out to the workers in turn, as to equally fast
    workers; unless they return by arrival, the results are the same with any number of threads.
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
    work = work_in_rounds if task.options.merge == "rounds" else work_in_turn
    divisors = np.ones(task.workers)
    for epoch in range(task.done + 1, task.checkpoints[-1] + 1):
        order = samples
        if task.training.shuffle:
            order = stream(task.seed, "shuffle", 0, epoch).permutation(samples)
        common = Common(
            merged=parameters,
            start=start,
            workers=workers,
            bases=bases,
            size=size,
            threads=threads,
            rule=RULES.index(task.options.combine),
            refresh=task.options.refresh == "merged",
            arrival=task.options.order == "arrival",
            barrier=make_barrier(threads),
            turns=make_turns(),
            lock=make_lock(),
            returned=make_cells(1),
            divisors=divisors,
            losses=np.zeros(task.workers),
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
            yield Snapshot(epoch, merged, float(common.losses.sum()) / len(samples), state=state)


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


def _races(options: ExemplarOptions) -> bool:
    """Return whether results depend on who returns first: a mean or a sum after a round does not."""
    return options.order == "arrival" and (
        options.merge == "return" or options.combine == "outstanding"
    )


@wording
def diagram(options: ExemplarOptions, setup: Setup) -> Diagram:
    """Return the words of its diagram."""
    size, worker = setup.training.batch_size, setup.worker or "worker"
    returns = options.merge == "return"
    step, main = {
        "mean": ("mean", "the mean of theirs"),
        "sum": ("sum", "to which their changes are added"),
        "outstanding": (
            "shares",
            "to which their changes are added, each divided by how many are still out",
        ),
    }[options.combine]
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
        step=f"{step} of what they learnt",
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
    races=_races,
    # Changes of several workers whose shares add up to more than one may overshoot.
    improves=lambda options: options.combine == "mean",
    presentation=Presentation(colour="other-2", diagram=diagram),
)
