"""How much of the gradient does an unprotected sum lose, and how far do runs of one seed scatter?

The mini-batches of Carver's method have one thread per sample, and all threads add into one buffer. Each thread also
adds into its own buffer, which shows what the shared one lacks. Locked and reduced sums are measured for comparison:
they may lack rounding errors only.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks import convolution, data
from benchmarks.comparison import INITIALISATION
from benchmarks.facts import Fact
from benchmarks.size import Size
from pnncore.network.evaluation import Evaluator
from pnncore.pool import pool
from pnncore.strategies.contract import Task
from pnncore.strategies.registry import STRATEGIES
from records.settings import Training

THREADS = (2, 4, 12)
SAMPLES = 12_000
"""Largest number of samples to train on."""

TRAINING = Training(learning_rate=0.02, batch_size=1, epochs=1)


def facts(size: Size) -> Iterator[Fact]:
    """Train the same seed several times with each kind of sum."""
    for threads in THREADS:
        for update in ("race", "locked", "reduction"):
            yield from _facts(update, threads, size)


def _facts(update: str, threads: int, size: Size) -> list[Fact]:
    samples, repeats = data.samples("mnist", size.samples), size.repeats
    # As many to train on as to test.
    half = min(SAMPLES, len(samples) // 2)
    evaluator = Evaluator.of(
        samples.pixels[half : 2 * half], samples.labels[half : 2 * half], TRAINING.inputs
    )
    strategy = STRATEGIES.named("minibatch")
    lost, accuracies = [], []
    with pool("threading", threads) as workers:
        task = Task(
            architecture=convolution.ARCHITECTURE,
            initialisation=INITIALISATION,
            pixels=samples.pixels[:half],
            labels=samples.labels[:half],
            training=TRAINING,
            workers=threads,
            options=strategy.complete({"update": update, "audit": True}),
            seed=1,
            checkpoints=(1,),
            pool=workers,
        )
        for _ in range(repeats):
            *_, last = strategy.train(task)
            assert last.network is not None  # noqa: S101 - it has one after every epoch
            lost.append(last.metrics["lost_share"])
            accuracies.append(evaluator.accuracy(last.network))
    fact = partial(Fact, f"race, {threads} threads", samples=half, data=samples.name)
    note = f"{repeats} runs of one seed, one epoch each" if update == "race" else ""
    return [
        fact("lost_share", update, float(np.mean(lost)), note=note),
        fact("accuracy_spread", update, max(accuracies) - min(accuracies)),
    ]
