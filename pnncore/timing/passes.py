"""Timed training passes."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any, NamedTuple

import numpy as np
import psutil

from pnncore.strategies.contract import Snapshot, Strategy, Task


class Pass(NamedTuple):
    """A timed training pass.

    Attributes
    ----------
    seconds
        Seconds of training and merging.
    processor_seconds
        Seconds of processors meanwhile, of all threads and child processes together.
    snapshot
        What the strategy yielded.
    """

    seconds: float
    processor_seconds: float
    snapshot: Snapshot


def prepare_pass(strategy: Strategy, task: Task[Any]) -> Callable[[], Pass]:
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
        Trains the networks once, and returns the pass.
    """
    # Listed here, since this belongs to the preparation of the data, and runs of many epochs do it once.
    _ = task.listed
    snapshots = strategy.train(task)
    next(snapshots)

    def train() -> Pass:
        # A diverging network overflows; the caller checks the snapshot.
        with np.errstate(over="ignore", invalid="ignore"):
            before = _of_children() + process_time()
            started = perf_counter()
            snapshot = next(snapshots)
            seconds = perf_counter() - started
            return Pass(seconds, process_time() + _of_children() - before, snapshot)

    return train


def pass_timer(strategy: Strategy, task: Task[Any]) -> Callable[[], float]:
    """Return a function that initialises and trains the networks, and returns the seconds of training."""

    def time_pass() -> float:
        return prepare_pass(strategy, task)().seconds

    return time_pass


def _of_children() -> float:
    """Return the processor seconds of the child processes that there are."""
    times = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
    return float(sum(each.user + each.system for each in times))
