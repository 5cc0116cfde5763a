"""Interface of optimisers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pnncore.arrays import Floats
from pnncore.kernels.steps import Steps
from pnncore.network.sgd import Trained
from pnncore.optimisers.state import OptimiserState
from records.settings import Training


@dataclass(frozen=True)
class Optimiser:
    """A way to turn a gradient into a step.

    Attributes
    ----------
    settings
        Type of its settings, of `records.optimisers.AnyOptimiser`.
    memory
        Number of arrays of the parameters' shape that it remembers, 0 to 2.
    start
        Returns the state before the first update, of hyper-parameters and a network's parameters.
    steps
        Returns the steps of updates for the compiled loops: see `pnncore.optimisers.formula.steps_of`.
    train
        Trains a network and the optimiser's state in place for an epoch, or a part of one: see
        `pnncore.optimisers.formula.train`.
    steps_at
        Returns steps at a constant rate: see `pnncore.optimisers.formula.steps_at`.
    whole_batches
        Whether each step needs the gradient of all samples.
    """

    settings: type[Any]
    memory: int
    start: Callable[[Training, Floats], OptimiserState]
    steps: Callable[..., Steps]
    train: Callable[..., Trained]
    steps_at: Callable[..., Steps]
    whole_batches: bool = False

    @property
    def name(self) -> str:
        """Return the name in configurations, the tag of its settings."""
        return str(self.settings.__struct_config__.tag)
