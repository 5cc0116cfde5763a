"""State of an optimiser: what it remembers between two updates."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pnncore.arrays import Floats, make_aligned


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
        memory = make_aligned(self.memory.shape, self.memory.dtype)
        memory[...] = self.memory
        return replace(self, memory=memory)
