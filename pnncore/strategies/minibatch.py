"""Mini-batches whose gradients are computed by several threads and added into one buffer (Carver)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta

from pnncore.kernels.scratch import make_scratch
from pnncore.kernels.shared_gradient import UPDATES, Common, train_batches
from pnncore.kernels.threads import make_barrier, make_lock, make_locks
from pnncore.network.sgd import make_rule
from pnncore.optimisers.formula import memory_of
from pnncore.optimisers.plain import OPTIMISER as PLAIN
from pnncore.strategies.child import Child, order_of, restore, state_of
from pnncore.strategies.contract import Likeness, Snapshot, State, Strategy, Task
from records.metric import Metric
from records.schedule import Round, Schedule, training_flops
from records.settings import Options
from records.strategy import Diagram, Presentation, Setup, wording


class MinibatchOptions(Options, frozen=True):
    """Options of `minibatch`."""

    update: Annotated[
        Literal["reduction", "locked", "locked-weights", "race"],
        Meta(
            description=(
                "How gradients are added up: each worker's own, added up later; one for all under a lock; one for all, "
                "of which every element has a lock; or one for all without a lock, as in the paper."
            )
        ),
    ] = "reduction"
    buffers: Annotated[
        Literal["local", "shared"],
        Meta(
            description="Whether activations and errors are a thread's own, or shared by all threads."
        ),
    ] = "local"
    clear: Annotated[
        bool,
        Meta(
            description="Whether gradients start from zero after an update, or stay and act as momentum."
        ),
    ] = True
    last: Annotated[
        Literal["smaller", "dropped"],
        Meta(
            description="Whether samples that fill no mini-batch make a smaller one, or are dropped."
        ),
    ] = "smaller"
    audit: Annotated[
        bool, Meta(description="Whether to measure which share of the gradient a race loses.")
    ] = False


def train(task: Task[MinibatchOptions]) -> Iterator[Snapshot]:
    """Train one network by mini-batches of `batch_size` samples per worker.

    With the option `audit`, every worker also adds its gradient into its own buffer, and snapshots report the share
    that the shared buffer has lost.
    """
    network, optimiser = task.start(), task.optimiser or PLAIN
    parameters, options = network.parameters, task.options
    optimised = optimiser.start(task.training, parameters)
    if not task.resume:
        yield Snapshot(0, network.copy(), None)

    shape = task.architecture.shape(parameters.dtype)
    rule = make_rule(task.training, task.architecture, parameters.dtype)
    # Weights are shrunk by the shared update, not by each worker.
    apart = rule._replace(shrink=0.0, pull=0.0)
    size = task.training.batch_size
    threads = min(task.workers, task.pool.jobs)
    scratches = [make_scratch(shape, apart, len(task.labels)) for _ in range(threads)]
    if options.buffers == "shared":
        # Only activations and errors are shared: indices overwritten by another thread could be out of bounds.
        first = scratches[0]
        scratches = [each._replace(values=first.values, deltas=first.deltas) for each in scratches]
    reduced = options.update == "reduction"
    gradients = np.zeros((task.workers if reduced else 1, len(parameters)), parameters.dtype)
    by_weight = options.update == "locked-weights"
    own = np.zeros((threads if by_weight else 0, len(parameters)), parameters.dtype)
    audited = options.audit
    # Each worker's own gradient, and the shared one before the update.
    apart_gradients = np.zeros(
        (task.workers + 1 if audited else 0, len(parameters)), parameters.dtype
    )

    child, beside = Child(network, optimised), {"gradients": gradients, "apart": apart_gradients}
    if task.resume:
        restore([child], task.resume)
        task.resume.restore(beside)

    samples = np.arange(len(task.labels))
    for epoch in range(task.done + 1, task.checkpoints[-1] + 1):
        order = order_of(samples, task.training, task.seed, 0, epoch)
        if options.last == "dropped":
            order = order[: len(order) // (task.workers * size) * task.workers * size]
        barrier, lost = make_barrier(threads), np.zeros((threads, 2))
        locks = make_locks(len(parameters)) if by_weight else make_lock()
        losses = np.zeros(task.workers)
        updates = -(-len(order) // (task.workers * size))
        steps = optimiser.steps(task.training, optimised, updates, updates, parameters.dtype)
        common = Common(
            parameters,
            gradients,
            own,
            apart_gradients,
            task.workers,
            size,
            threads,
            UPDATES.index(options.update),
            options.clear,
            steps,
            memory_of(optimised.memory),
            np.zeros_like(parameters),
            barrier,
            locks,
            lost,
            losses,
        )
        task.pool.team(
            train_batches,
            [
                (shape, rule, scratch, common, task.listed, task.labels, order, rank)
                for rank, scratch in enumerate(scratches)
            ],
        )
        optimised.advance(task.training, updates, updates, float(losses.sum()), len(order))
        if epoch in task.checkpoints:
            missing, made = lost.sum(axis=0)
            metrics = {"lost_share": float(missing / made) if made else 0.0} if audited else {}
            yield Snapshot(
                epoch,
                network.copy(),
                optimised.loss,
                metrics=metrics,
                state=partial(_state, child, beside),
            )


def _state(child: Child, beside: State) -> State:
    """Return all that changes: the network, what its optimiser remembers, and the gradients."""
    return {**state_of([child]), **beside}


def schedule(task: Task[MinibatchOptions]) -> Schedule:
    """Return the rounds of mini-batches: a task per worker, merges under locks if any, and the update by all."""
    parameters, size = task.architecture.n_parameters, task.training.batch_size
    flops, whole = task.architecture.flops_per_sample, task.workers * size
    full, rest = divmod(len(task.labels), whole)
    reduced = task.workers if task.options.update == "reduction" else 1
    sizes = [(full, [size] * task.workers)]
    if rest and task.options.last == "smaller":
        sizes.append((1, [min(size, rest - first) for first in range(0, rest, size)]))
    locked = task.options.update == "locked"
    by_weight = task.options.update == "locked-weights"
    start = Round(times=task.training.epochs, tasks=(), started=task.workers)
    return Schedule(
        (
            start,
            *(
                Round(
                    times=times * task.training.epochs,
                    tasks=training_flops(flops, samples),
                    serial=2 * parameters * len(samples) if locked else 0,
                    overlapping=locked,
                    shared=parameters * (2 + 2 * reduced + (2 * len(samples) if by_weight else 0)),
                    # The gradient that others have added to, and the parameters that others have updated; and locks.
                    bytes_moved=(2 * 4 + (8 if by_weight else 0)) * parameters,
                    barriers=2,
                )
                for times, samples in sizes
                if times
            ),
        )
    )


def _races(options: MinibatchOptions) -> bool:
    """Return whether threads share buffers without a lock, or add gradients in an undefined order."""
    return options.update != "reduction" or options.buffers == "shared"


def _one_worker(options: MinibatchOptions) -> Likeness:
    """Return that a gradient which is added up before it is applied is rounded once more, unless more differs."""
    return "rounded" if options.clear and options.last == "smaller" else "other"


def _improves(options: MinibatchOptions) -> bool:
    """Return whether updates follow the gradient alone: not old ones, nor errors that other threads overwrite."""
    return options.clear and options.buffers == "local"


def _least_samples(task: Task[MinibatchOptions]) -> int:
    """Return the samples of one mini-batch if smaller ones are dropped; with fewer, nothing would be trained."""
    return task.workers * task.training.batch_size if task.options.last == "dropped" else 1


@wording
def diagram(options: MinibatchOptions, setup: Setup) -> Diagram:
    """Return the words of its diagram."""
    size, worker = setup.training.batch_size, setup.worker or "thread"
    share = "sample" if size == 1 else f"{size} samples"
    step, added = {
        "race": (
            "one gradient, unprotected",
            "All add to one gradient without a lock, so that additions may get lost.",
        ),
        "locked": ("one gradient behind a lock", "All add to one gradient, one at a time."),
        "locked-weights": (
            "one gradient, a lock for each weight",
            "All add to one gradient, each of whose elements one thread at a time changes.",
        ),
        "reduction": (
            "a gradient each, added up",
            "Each has a gradient of its own; then these are added up.",
        ),
    }[options.update]
    return Diagram(
        result="network",
        network=setup.layers,
        step=step,
        worker=worker,
        task="forward, back",
        share="sample" if size == 1 else "samples",
        whole=f"mini-batch of n times {share}" if size > 1 else "mini-batch of n samples",
        again="one update",
        description=f"From bottom to top: a mini-batch that has {'a sample' if size == 1 else share} for each of n "
        f"{worker}s, their way through one network and back, and its update by all their gradients. {added} "
        f"Then comes the next mini-batch. {setup.counts}",
    )


STRATEGY = Strategy(
    name="minibatch",
    summary="Threads add the gradients of one mini-batch's samples into one buffer (Carver).",
    options=MinibatchOptions,
    train=train,
    schedule=schedule,
    shares_network=True,
    updates_last=True,
    optimises=True,
    races=_races,
    one_worker=_one_worker,
    improves=_improves,
    least_samples=_least_samples,
    presentation=Presentation(
        colour="other-3",
        cause="threads pass the gradient and the weights of every mini-batch from cache to cache, more or less of them "
        "the more samples a thread has.",
        diagram=diagram,
        metrics={
            "lost_share": Metric(
                label="share of the gradient lost to races",
                unit="fraction",
                summary="Part of the added gradients that is missing in the shared one; with the option `audit`.",
            )
        },
    ),
)
