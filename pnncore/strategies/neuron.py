"""Division of every layer's neurons among threads, sample by sample (Olsen, West & Thomasma)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta

from pnncore.kernels.scratch import make_scratch
from pnncore.kernels.shared_filters import make_filters
from pnncore.kernels.shared_layers import Common, train_online
from pnncore.kernels.threads import make_barrier
from pnncore.network.network import Network
from pnncore.network.sgd import make_rule
from pnncore.randomness import stream
from pnncore.strategies.contract import Snapshot, State, Strategy, Task
from records.schedule import Round, Schedule
from records.settings import Options
from records.strategy import Division, Presentation, Setup, wording


class NeuronOptions(Options, frozen=True):
    """Options of `neuron`."""

    region: Annotated[
        Literal["persistent", "fork-join"],
        Meta(
            description=(
                "One parallel region an epoch, in which threads wait for each other once a phase, or a join and a fork "
                "between all phases."
            )
        ),
    ] = "persistent"


def train(task: Task[NeuronOptions]) -> Iterator[Snapshot]:
    """Train one network, whose neurons are divided among the workers."""
    network = task.start()
    parameters = network.parameters
    state: Callable[[], State] = partial(dict, parameters=parameters)
    if task.resume:
        task.resume.restore(state())
    else:
        yield Snapshot(0, network.copy(), None)

    shape = task.architecture.shape(parameters.dtype)
    rule = make_rule(task.training, task.architecture, parameters.dtype)
    threads = min(task.workers, task.pool.jobs)
    samples = np.arange(len(task.labels))
    scratches = [make_scratch(shape, rule, len(samples)) for _ in range(threads)]
    filters = [make_filters(shape, rank, threads, parameters.dtype) for rank in range(threads)]
    values, deltas = scratches[0].values[0], scratches[0].deltas[0]
    joins = 2 if task.options.region == "fork-join" else 1
    for epoch in range(task.done + 1, task.checkpoints[-1] + 1):
        order = samples
        if task.training.shuffle:
            order = stream(task.seed, "shuffle", 0, epoch).permutation(samples)
        common = Common(parameters, values, deltas, threads, make_barrier(threads), joins)
        losses = task.pool.team(
            train_online,
            [
                (shape, rule, scratch, own, common, task.listed, task.labels, order, rank)
                for rank, (scratch, own) in enumerate(zip(scratches, filters, strict=True))
            ],
        )
        if epoch in task.checkpoints:
            copied = Network(task.architecture, parameters.copy())
            yield Snapshot(epoch, copied, losses[0] / len(samples), state=state)


def schedule(task: Task[NeuronOptions]) -> Schedule:
    """Return a round per phase: a layer's activations, errors or updates of a sample, divided neuron by neuron."""
    joins = 2 if task.options.region == "fork-join" else 1
    architecture, times = task.architecture, task.training.epochs * len(task.labels)
    # Of each phase, its neurons and the operations of one of them. Forward propagation and update each take one product
    # per weight; the output error is negligible.
    products = [(neurons, 2 * fan_in) for fan_in, neurons in architecture.shapes]
    behind, passed = architecture.shapes[1:], sum(architecture.sizes[1:])
    convolved: list[tuple[int, int]] = []
    learnt: list[tuple[int, int]] = []
    if architecture.convolution is not None:
        filters = architecture.convolution.filters
        convolved, learnt = ([(filters, flops // filters)] for flops in architecture.filter_flops)
        behind, passed = architecture.shapes, sum(architecture.sizes)
    errors = [(neurons, 2 * above) for neurons, above in behind]
    phases = [*convolved, *products, (architecture.sizes[-1], 0), *errors, *learnt, *products]
    if task.training.propagation == "updated-weights":
        # Each layer is updated before its errors are propagated back, which takes one more barrier per layer.
        phases += [(0, 0)] * len(errors)
    start = Round(times=task.training.epochs, tasks=(), started=task.workers)
    return Schedule(
        (
            start,
            *(
                Round(
                    times=times,
                    tasks=tuple(flops * share for share in _divide(neurons, task.workers)),
                    # Every worker looks up all inputs, and reads the others' activations and errors.
                    pixels=architecture.layers[0] if phase == 0 else 0,
                    bytes_moved=2 * 4 * passed if phase == 0 else 0,
                    barriers=joins,
                )
                for phase, (neurons, flops) in enumerate(phases)
            ),
        )
    )


def _divide(neurons: int, workers: int) -> list[int]:
    """Return the neurons of each worker: whole ones, so that the slowest has their mean, rounded up."""
    return [neurons * (w + 1) // workers - neurons * w // workers for w in range(workers)]


@wording
def diagram(options: NeuronOptions, setup: Setup) -> Division:
    """Return the words of its diagram."""
    worker = setup.worker or "thread"
    hidden = (f"hidden layer, {size} neurons" for size in setup.network.hidden)
    return Division(
        worker=worker,
        pixels=f"one sample, {setup.pixels} pixels",
        layers=(*hidden, f"{setup.classes} outputs"),
        description=f"From bottom to top: one sample, and the layers of a network. Each of n {worker}s computes some "
        "neurons of every layer, and all wait for each other before the next layer. Errors come back and weights are "
        f"updated in the same way; then comes the next sample. {setup.counts}",
    )


STRATEGY = Strategy(
    name="neuron",
    summary="Threads each compute some neurons of every layer, sample by sample (Olsen, West & Thomasma).",
    options=NeuronOptions,
    train=train,
    schedule=schedule,
    online=True,
    shares_network=True,
    presentation=Presentation(
        colour="other-4",
        cause="threads read weights and activations that other threads have just written, one cache line at a time.",
        diagram=diagram,
    ),
)
