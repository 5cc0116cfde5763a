"""Timed training passes."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from pnncore.strategies.contract import Snapshot, Strategy, Task


def prepare_pass(strategy: Strategy, task: Task[Any]) -> Callable[[], tuple[float, Snapshot]]:
    """List the pixels of a task with one checkpoint, initialise its networks, and return a call that trains them.

    Parameters
    ----------
    strategy
        The strategy.
    task
        The task, whose only checkpoint is its last epoch.

    Returns
    -------
    callable
        Trains the networks once; returns the seconds of training and merging, and the snapshot.
    """
    # Listed here, since this belongs to the preparation of the data, and runs of many epochs do it once.
    _ = task.listed
    snapshots = strategy.train(task)
    next(snapshots)

    def train() -> tuple[float, Snapshot]:
        # A diverging network overflows; the caller checks the snapshot.
        with np.errstate(over="ignore", invalid="ignore"):
            started = perf_counter()
            snapshot = next(snapshots)
            return perf_counter() - started, snapshot

    return train


def pass_timer(strategy: Strategy, task: Task[Any]) -> Callable[[], float]:
    """Return a function that initialises and trains the networks, and returns the seconds of training."""

    def time_pass() -> float:
        seconds, _ = prepare_pass(strategy, task)()
        return seconds

    return time_pass
