"""Optimisers as plain NumPy, dense and step by step: what the compiled ones must agree with."""

from functools import singledispatchmethod
from typing import Any

import numpy as np

from records.optimisers import Adam, Momentum, Nadam, Nesterov, Plain, RMSprop, Rprop


class Twin:
    """An optimiser's steps with all parameters at once."""

    def __init__(self, settings: Any, rate: float, parameters: np.ndarray) -> None:
        self.settings, self.t, self.product = settings, 0, 1.0
        self.first, self.second = np.zeros_like(parameters), np.zeros_like(parameters)
        if isinstance(settings, Rprop):
            self.second += rate

    def change(self, gradient: np.ndarray, rate: float) -> np.ndarray:
        """Return what is subtracted from the parameters."""
        self.t += 1
        return self.step(self.settings, gradient, rate)

    @singledispatchmethod
    def step(self, settings: Any, g: np.ndarray, rate: float) -> np.ndarray:
        raise TypeError(settings)

    @step.register
    def _(self, settings: Plain, g: np.ndarray, rate: float) -> np.ndarray:
        return rate * g

    @step.register
    def _(self, settings: Momentum, g: np.ndarray, rate: float) -> np.ndarray:
        self.first = settings.momentum * self.first + g
        return rate * self.first

    @step.register
    def _(self, settings: Nesterov, g: np.ndarray, rate: float) -> np.ndarray:
        self.first = settings.momentum * self.first + g
        return rate * (g + settings.momentum * self.first)

    @step.register
    def _(self, settings: RMSprop, g: np.ndarray, rate: float) -> np.ndarray:
        self.second = settings.decay * self.second + (1 - settings.decay) * g**2
        return rate * g / (np.sqrt(self.second) + settings.epsilon)

    @step.register
    def _(self, settings: Adam, g: np.ndarray, rate: float) -> np.ndarray:
        b1, b2 = settings.decay_mean, settings.decay_square
        self.first = b1 * self.first + (1 - b1) * g
        self.second = b2 * self.second + (1 - b2) * g**2
        mean, square = self.first / (1 - b1**self.t), self.second / (1 - b2**self.t)
        return rate * mean / (np.sqrt(square) + settings.epsilon)

    @step.register
    def _(self, settings: Nadam, g: np.ndarray, rate: float) -> np.ndarray:
        b1, b2 = settings.decay_mean, settings.decay_square
        now, later = (
            b1 * (1 - 0.5 * 0.96 ** (t * settings.momentum_decay)) for t in (self.t, self.t + 1)
        )
        self.product *= now
        self.first = b1 * self.first + (1 - b1) * g
        self.second = b2 * self.second + (1 - b2) * g**2
        root = np.sqrt(self.second / (1 - b2**self.t)) + settings.epsilon
        ahead = later * self.first / (1 - self.product * later)
        return rate * ((1 - now) * g / (1 - self.product) + ahead) / root

    @step.register
    def _(self, settings: Rprop, g: np.ndarray, rate: float) -> np.ndarray:
        agreed = np.sign(g * self.first)
        grown = np.minimum(self.second * settings.increase, settings.most)
        shrunk = np.maximum(self.second * settings.decrease, settings.least)
        self.second = np.where(agreed > 0, grown, np.where(agreed < 0, shrunk, self.second))
        self.first = np.where(agreed < 0, 0, g)
        return np.sign(self.first) * self.second
