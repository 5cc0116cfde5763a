"""Profile of a training pass on one thread: forward, backward and other work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from msgspec import structs

from pnncore.kernels.descent import train_samples
from pnncore.kernels.probes import forward_samples
from pnncore.kernels.scratch import make_scratch
from pnncore.network.sgd import make_rule
from pnncore.strategies.child import Child, train_child
from pnncore.strategies.contract import Strategy, Task
from pnncore.timing.stopwatch import medians, timer
from records.kinds.calibration import Profile

EPOCH = range(1, 2)

REPEATS = 1
"""Repeats of each measurement: a profile is made in every repeat of a calibration."""


def profile(strategy: Strategy, task: Task[Any]) -> Profile:
    """Measure the shares of an epoch of one network on one thread.

    A clock inside the compiled loops would disturb them, so three calls are timed: forward propagation to the output
    errors, with unchanged weights; training; and training with copying the network, shuffling and allocating buffers.
    The difference of two consecutive calls is the time of one part.

    Parameters
    ----------
    strategy
        The strategy; it decides whether networks are updated after every sample.
    task
        The task, whose settings are used for one network that trains alone.

    Returns
    -------
    Profile
        Shares of the total. ``forward``: sums and activations; ``backward``: errors of the layers below the
        outputs and updates of all weights; ``other``: the rest.
    """
    network, samples = task.start(), np.arange(len(task.labels))
    batch = 1 if strategy.by_sample else task.training.batch_size
    # Of one plain update on each sample: of several in a row, the parts cannot be timed apart.
    training = structs.replace(task.training, epochs=1, batch_size=batch, repeats=1, optimiser=None)
    dtype = network.parameters.dtype
    shape, rule = task.architecture.shape(dtype), make_rule(training, task.architecture, dtype)
    scratch = make_scratch(shape, rule, len(samples))

    def train() -> None:
        trained = network.copy()
        train_samples(shape, rule, scratch, trained.parameters, task.listed, task.labels, samples)

    def train_alone() -> None:
        train_child(
            Child(network), None, task.listed, task.labels, samples, training, task.seed, 0, EPOCH
        )

    calls: list[Callable[[], object]] = [
        lambda: forward_samples(
            shape, rule, scratch, network.parameters, task.listed, task.labels, samples
        ),
        train,
        train_alone,
    ]
    # A diverging network overflows; NumPy's warnings would not help.
    with np.errstate(over="ignore", invalid="ignore"):
        forward, training_seconds, whole = medians(list(map(timer, calls)), REPEATS)
    parts = {
        "forward": forward,
        "backward": max(0.0, training_seconds - forward),
        "other": max(0.0, whole - training_seconds),
    }
    total = sum(parts.values())
    return Profile(**{part: seconds / total for part, seconds in parts.items()})
