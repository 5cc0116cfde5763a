"""How well do two workers use two cores?

The efficiency is the time of one worker on one core over twice the time of two workers on two cores, for an epoch of
the same samples. Workers are threads on shared arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from msgspec import structs

from benchmarks import data, layers, minibatch, online
from benchmarks.comparison import INITIALISATION
from benchmarks.data import Samples
from benchmarks.facts import Fact, Target
from benchmarks.size import EPOCH, Size
from benchmarks.timing import medians
from pnncore.network.architecture import Architecture
from pnncore.pool import Pool, pool
from pnncore.strategies.contract import Strategy, Task
from pnncore.strategies.registry import STRATEGIES
from records.settings import Training

TARGET = Target(">=", 0.95)


class Setting(NamedTuple):
    """The network and training that a strategy is timed with, from the case of its paper."""

    summary: str
    architecture: Architecture
    training: Training


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
}


def facts(size: Size) -> Iterator[Fact]:
    """Time each strategy with one worker and with two."""
    for name in SETTINGS:
        yield from _facts(name, size)


def _facts(name: str, size: Size) -> list[Fact]:
    samples = data.samples("mnist", size.samples)
    strategy = STRATEGIES.named(name)
    with pool("threading", 1) as one, pool("threading", 2) as two:
        runs = {
            "1 worker": epochs(strategy, task(strategy, samples, one), size.repeats),
            "2 workers": epochs(strategy, task(strategy, samples, two), size.repeats),
        }
        seconds = medians(runs, size.repeats)
    fact = partial(Fact, f"workers, {name}", data=samples.name)
    alone, together = (time * EPOCH / len(samples) for time in seconds.values())
    return [
        fact(
            "seconds",
            "1 worker",
            alone,
            unit="s",
            samples=len(samples),
            note=SETTINGS[name].summary,
        ),
        fact("seconds", "2 workers", together, unit="s", samples=len(samples)),
        fact("efficiency", "2 workers", alone / (2 * together), target=TARGET),
    ]


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
