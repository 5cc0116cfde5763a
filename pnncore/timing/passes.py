"""A pass: networks trained once with the clock running."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from pnncore.strategies.contract import Snapshot, Strategy, Task


def prepare_pass(strategy: Strategy, task: Task[Any]) -> Callable[[], tuple[float, Snapshot]]:
    """Start the networks of a task that has one checkpoint.

    Parameters
    ----------
    strategy
        The strategy.
    task
        What it is to do; its one checkpoint is its last epoch.

    Returns
    -------
    callable
        Trains them, once; returns the seconds and the trained networks. Nothing but training and merging stands between
        the two clock reads.
    """
    snapshots = strategy.train(task)
    next(snapshots)

    def train() -> tuple[float, Snapshot]:
        # A diverging network overflows; whoever asks finds that in the snapshot.
        with np.errstate(over="ignore", invalid="ignore"):
            started = perf_counter()
            snapshot = next(snapshots)
            return perf_counter() - started, snapshot

    return train


def pass_timer(strategy: Strategy, task: Task[Any]) -> Callable[[], float]:
    """Return what makes a pass from new networks and returns its seconds."""

    def time_pass() -> float:
        seconds, _ = prepare_pass(strategy, task)()
        return seconds

    return time_pass
