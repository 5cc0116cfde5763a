"""What one thread spends the time of a training pass on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from msgspec import structs

from pnncore.kernels.descent import train_samples
from pnncore.kernels.probes import forward_samples, list_samples
from pnncore.kernels.scratch import make_scratch
from pnncore.network.sgd import make_rule
from pnncore.strategies.child import train_child
from pnncore.strategies.contract import Strategy, Task
from pnncore.timing.stopwatch import medians, timer

REPEATS = 5
"""Times that each part is measured, in turn with the others."""


def profile(strategy: Strategy, task: Task[Any]) -> dict[str, float]:
    """Measure what an epoch of one network on one thread is spent on.

    The loops have no seams to hold a clock to, so they are run in parts: once only the listing of the pixels that are
    not zero; once that and the way forward to the outputs' errors, from unchanged weights; once all of it; and once all
    of it with copying the network, shuffling and making room. What each takes more than the one before is the next
    part's.

    Parameters
    ----------
    strategy
        The strategy, which may have its networks learn in other batches than it is given.
    task
        The task; of its settings, those of a network that trains alone.

    Returns
    -------
    dict
        ``forward``: sums and activations; ``backward``: errors of the layers below the outputs and updates of all
        weights; ``other``: the rest. Shares of the whole, in 0..1.
    """
    network, samples = task.start(), np.arange(len(task.labels))
    batch = 1 if strategy.by_sample else task.training.batch_size
    training = structs.replace(task.training, epochs=1, batch_size=batch)
    dtype = network.parameters.dtype
    shape, rule = task.architecture.shape(dtype), make_rule(training, task.architecture, dtype)
    scratch = make_scratch(shape, rule, task.pixels.shape[1], len(samples))
    which, inputs = scratch.which[0], scratch.inputs[0]

    def train() -> None:
        learning = network.copy()
        train_samples(shape, rule, scratch, learning.parameters, task.pixels, task.labels, samples)

    def train_alone() -> None:
        train_child(network, task.pixels, task.labels, samples, training, task.seed, 0, range(1, 2))

    calls: list[Callable[[], object]] = [
        lambda: list_samples(task.pixels, rule.table, which, inputs),
        lambda: forward_samples(shape, rule, scratch, network.parameters, task.pixels, task.labels),
        train,
        train_alone,
    ]
    # A diverging network overflows, of which NumPy need not warn.
    with np.errstate(over="ignore", invalid="ignore"):
        listing, forward, training_seconds, whole = medians(list(map(timer, calls)), REPEATS)
    parts = {
        "forward": max(0.0, forward - listing),
        "backward": max(0.0, training_seconds - forward),
        "other": listing + max(0.0, whole - training_seconds),
    }
    total = sum(parts.values())
    return {part: seconds / total for part, seconds in parts.items()}
