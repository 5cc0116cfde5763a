"""State of an optimiser: what it remembers between two updates."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pnncore.arrays import Floats, copy_aligned
from records.optimisers import BoldDriver
from records.settings import Training


@dataclass
class OptimiserState:
    """What an optimiser remembers of a network's training.

    Attributes
    ----------
    memory
        Numbers of each parameter, shape (0 to 2, parameters): see `pnncore.kernels.steps.Memory`.
    updates
        Number of updates so far, which a schedule of the rate goes by.
    age
        Number of updates since the memory was empty.
    factor
        What a bold driver has made of the learning rate.
    loss
        Mean training loss of the last epoch; infinite before the first.
    total, seen
        Sum of the losses of this epoch's samples so far, and their number.
    """

    memory: Floats
    updates: int = 0
    age: int = 0
    factor: float = 1.0
    loss: float = np.inf
    total: float = 0.0
    seen: int = 0

    def copy(self) -> OptimiserState:
        """Return an independent copy."""
        return replace(self, memory=copy_aligned(self.memory))

    def advance(
        self, training: Training, updates: int, in_epoch: int, total: float, seen: int
    ) -> None:
        """Count updates that were made; at the end of an epoch, let a bold driver change the rate by its mean loss.

        Parameters
        ----------
        training
            Hyper-parameters.
        updates
            Their number.
        in_epoch
            Number of updates in a whole epoch.
        total, seen
            Sum of the losses of their samples, and the number of these.
        """
        self.updates += updates
        self.age += updates
        self.total += total
        self.seen += seen
        if self.updates % in_epoch == 0:
            schedule = training.optimiser.schedule if training.optimiser else None
            loss = self.total / self.seen
            if isinstance(schedule, BoldDriver):
                self.factor *= schedule.increase if loss < self.loss else schedule.decrease
            self.loss, self.total, self.seen = loss, 0.0, 0
