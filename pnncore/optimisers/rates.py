"""Learning rates of updates: schedules and warm-up."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import numpy as np

from pnncore.arrays import Floats
from records.optimisers import BoldDriver, Constant, Cosine, Optimiser, Stairs
from records.settings import Training


def rates(training: Training, before: int, updates: int, in_epoch: int) -> Floats:
    """Return the learning rates of updates, but for what a bold driver makes of them.

    Parameters
    ----------
    training
        Hyper-parameters.
    before
        Number of updates before them, from the first epoch on.
    updates
        Their number.
    in_epoch
        Number of updates in an epoch.

    Returns
    -------
    ndarray
        Shape (updates,), float64.
    """
    settings = training.optimiser or Optimiser()
    passed = (before + np.arange(updates)) / in_epoch
    found = training.learning_rate * shares(settings.schedule, passed, training.epochs)
    if settings.warm_up:
        found *= np.minimum(1, (passed + 1 / in_epoch) / settings.warm_up)
    return found


@singledispatch
def shares(schedule: Any, passed: Floats, epochs: int) -> Floats:
    """Return the shares of the learning rate that a schedule leaves.

    Parameters
    ----------
    schedule
        A schedule of `records.optimisers.Schedule`.
    passed
        Epochs before each update, with fractions.
    epochs
        Number of epochs of the training.
    """
    raise TypeError(schedule)


@shares.register
def _constant(schedule: Constant, passed: Floats, epochs: int) -> Floats:
    return np.ones_like(passed)


@shares.register
def _driven(schedule: BoldDriver, passed: Floats, epochs: int) -> Floats:
    return np.ones_like(passed)


@shares.register
def _stairs(schedule: Stairs, passed: Floats, epochs: int) -> Floats:
    found: Floats = schedule.factor ** (passed // schedule.every)
    return found


@shares.register
def _cosine(schedule: Cosine, passed: Floats, epochs: int) -> Floats:
    left = (1 + np.cos(np.pi * np.minimum(passed / epochs, 1))) / 2
    found: Floats = schedule.floor + (1 - schedule.floor) * left
    return found
