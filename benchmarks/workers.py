"""How well do two workers use two cores, and more of them more?

The efficiency is the time of one worker on one core over n times the time of n workers on n cores, for an epoch of the
same samples; n is doubled up to the machine's cores. Workers are threads on shared arrays. A profile says where the
rest goes: threads are started and meet at all barriers of the epoch, with nothing between them; what is left over an
n-th of one worker's seconds and these barriers is unequal work, waiting for it, and data that move from one core's
cache to another's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from msgspec import structs

from benchmarks import convolution, data, layers, minibatch, online
from benchmarks.comparison import INITIALISATION
from benchmarks.data import Samples
from benchmarks.facts import Fact, Target
from benchmarks.size import EPOCH, Size
from benchmarks.timing import medians
from pnncore.kernels.probes import meet
from pnncore.kernels.threads import make_barrier
from pnncore.network.architecture import Architecture
from pnncore.pool import Pool, pool
from pnncore.strategies.contract import Strategy, Task
from pnncore.strategies.registry import STRATEGIES
from pnncore.timing import hardware
from records.settings import Training

TARGET = Target(">=", 0.95)


class Setting(NamedTuple):
    """The network and training that a strategy is timed with, from the case of its paper; the target may be None."""

    summary: str
    architecture: Architecture
    training: Training
    target: Target | None = TARGET


SETTINGS = {
    "spmd": Setting(
        "784-256-10, batches of 50, one merge per epoch", minibatch.ARCHITECTURE, minibatch.TRAINING
    ),
    "exemplar": Setting(
        "784-100-10, online, a merge after 100 samples per worker",
        online.ARCHITECTURE,
        structs.replace(online.TRAINING, batch_size=100),
    ),
    "ensemble": Setting("784-128-64-10, online, no merge", layers.ARCHITECTURE, layers.TRAINING),
    # Their threads meet so often that no target is set.
    "neuron": Setting(
        "784-128-64-10, online, neurons divided", layers.ARCHITECTURE, layers.TRAINING, None
    ),
    "minibatch": Setting(
        "8 filters, mini-batches of 6 samples per worker",
        convolution.ARCHITECTURE,
        convolution.training(6),
        None,
    ),
}


def facts(size: Size) -> Iterator[Fact]:
    """Time each strategy with one worker, and with more."""
    for name in SETTINGS:
        for workers in _counts():
            yield from _facts(name, workers, size)


def _counts() -> Iterator[int]:
    """Yield the numbers of workers; two on one core, too."""
    count = 2
    while count <= max(2, hardware.host().cores):
        yield count
        count *= 2


def _facts(name: str, workers: int, size: Size) -> list[Fact]:
    samples = data.samples("mnist", size.samples)
    strategy = STRATEGIES.named(name)
    with pool("threading", 1) as one, pool("threading", workers) as several:
        runs = {
            "alone": epochs(strategy, task(strategy, samples, one), size.repeats),
            "together": epochs(strategy, task(strategy, samples, several), size.repeats),
        }
        runs["barriers"] = _barriers(strategy, task(strategy, samples, several))
        seconds = medians(runs, size.repeats)
    fact = partial(Fact, f"workers, {name}", data=samples.name)
    alone, together, barriers = (time * EPOCH / len(samples) for time in seconds.values())
    rest, peer, setting = (
        together - alone / workers - barriers,
        f"{workers} workers",
        SETTINGS[name],
    )
    timed = partial(fact, unit="s", samples=len(samples))
    return [
        timed("seconds", "1 worker", alone, note=setting.summary),
        timed("seconds", peer, together),
        timed("profile", f"{peer}, barriers", barriers),
        timed("profile", f"{peer}, rest", rest),
        fact(
            "efficiency",
            peer,
            alone / (workers * together),
            target=setting.target if workers == 2 else None,
        ),
    ]


def _barriers(strategy: Strategy, what: Task[Any]) -> Callable[[], object]:
    """Return a function whose workers meet at all barriers of an epoch, without work between them."""
    rounds = strategy.schedule(what).rounds
    times = sum(each.times * each.barriers for each in rounds)

    def run() -> object:
        barrier = make_barrier(what.workers)
        return what.pool.team(meet, [(barrier, times)] * what.workers)

    return run


def task(strategy: Strategy, samples: Samples, workers: Pool) -> Task[Any]:
    """Return the task of an epoch, with as many workers as the pool runs at once."""
    setting = SETTINGS[strategy.name]
    return Task(
        architecture=setting.architecture,
        initialisation=INITIALISATION,
        pixels=samples.pixels,
        labels=samples.labels,
        training=setting.training,
        workers=workers.jobs,
        options=strategy.complete({}),
        seed=1,
        checkpoints=(1,),
        pool=workers,
    )


def epochs(strategy: Strategy, what: Task[Any], repeats: int) -> Callable[[], object]:
    """Return a function that trains an epoch; the networks of all repeats are initialised beforehand."""
    ready = [strategy.train(what) for _ in range(repeats + 1)]
    for snapshots in ready:
        next(snapshots)
    return lambda: next(ready.pop())
