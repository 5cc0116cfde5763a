"""Shapes of networks: fully connected layers, optionally behind a convolution."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isqrt
from typing import Any, Self

import numpy as np

from pnncore.arrays import Floats
from pnncore.data import inputs
from pnncore.kernels.plan import ACTIVATIONS, Shape
from pnncore.network.initialisation import check_initialisation
from records.errors import InputError
from records.settings import (
    Activation,
    ActivationGradient,
    Convolution,
    Division,
    DivisionGradient,
    Inputs,
    Loss,
)
from records.settings import Network as Settings

CROSS_ENTROPY_OUTPUTS: tuple[str, ...] = ("softmax", "sigmoid")
"""Output activations with which cross-entropy is defined."""

VECTOR = 32
"""Each layer's values are padded to a multiple of this many numbers, so that it starts on a cache line."""


@dataclass(frozen=True)
class Architecture:
    """Shape, activations and loss of a network.

    Attributes
    ----------
    layers
        Neurons per layer, from the pixels to the outputs, without a convolution.
    hidden_activation, output_activation
        Names of activations; a convolution has the hidden layers' activation.
    loss
        ``cross-entropy`` or ``quadratic``: see `records.settings.Training`.
    elu_alpha
        The α of ELU.
    division
        Divisor of a layer's sums before the activation (Wiesinger & Schikuta, Section III-C; WS-A07). ``none``;
        ``layer``: pixels by their number, hidden layers' sums by the layer's size; ``every-layer``: pixels and all
        sums, the outputs' too (the authors' program); ``sending``: sums by the size of the layer below;
        ``receiving``: sums by the size of their own layer. A bias, where there are any, counts as one more neuron of
        the layer that it comes from: 785 pixels, 101 hidden neurons, 10 outputs.
    division_gradient
        Whether back-propagation includes the division (``exact``) or not (``ignored``, as the paper's eq. 24 and
        Fig. 8 read).
    activation_gradient
        Whether back-propagation takes the derivative of an activation at the sum (``exact``) or at the activation, as
        if it were the sum (``of-activated``, as in the program of Olsen, West & Thomasma).
    convolution
        Convolution before the fully connected layers, or None.
    biases
        Whether neurons have biases. Where they have none, the places of biases among the parameters hold zeros, which
        nothing updates.

    Raises
    ------
    InputError
        If the loss is cross-entropy and the output is neither softmax nor sigmoid, or the convolution is not possible.
    """

    layers: tuple[int, ...]
    hidden_activation: Activation = "relu"
    output_activation: Activation = "softmax"
    loss: Loss = "cross-entropy"
    elu_alpha: float = 1.0
    division: Division = "none"
    division_gradient: DivisionGradient = "exact"
    activation_gradient: ActivationGradient = "exact"
    convolution: Convolution | None = None
    biases: bool = True

    def __post_init__(self) -> None:
        if self.loss == "cross-entropy" and self.output_activation not in CROSS_ENTROPY_OUTPUTS:
            raise InputError(
                f"network.output_activation: cross-entropy needs a softmax or sigmoid output, not "
                f"{self.output_activation}; change it or set network.loss to quadratic"
            )
        if self.convolution is not None:
            self._check_convolution(self.convolution)

    def _check_convolution(self, convolution: Convolution) -> None:
        if self.side**2 != self.layers[0]:
            raise InputError(
                f"network.convolution: it needs square images, not {self.layers[0]} pixels; set it to null"
            )
        if self.cells(convolution) == 0:
            raise InputError(
                f"network.convolution: filters of {convolution.size} and pools of {convolution.pool} pixels leave "
                f"nothing of images of {self.side} pixels; make them smaller"
            )
        if not self.biases:
            raise InputError(
                "network.biases: a convolution has biases; set it to true, or network.convolution to null"
            )
        if self.hidden_activation == "softmax":
            raise InputError(
                "network.hidden_activation: behind a convolution it cannot be softmax; relu would do"
            )

    @classmethod
    def from_settings(cls, network: Settings, inputs: int, outputs: int) -> Self:
        """Build from a network's settings and the dataset's sizes.

        Raises
        ------
        InputError
            If the settings do not go together: see `Architecture` and
            `pnncore.network.initialisation.check_initialisation`.
        """
        check_initialisation(network)
        return cls(
            layers=(inputs, *network.hidden, outputs),
            hidden_activation=network.hidden_activation,
            output_activation=network.output_activation,
            loss=network.loss,
            elu_alpha=network.elu_alpha,
            division=network.division,
            division_gradient=network.division_gradient,
            activation_gradient=network.activation_gradient,
            convolution=network.convolution,
            biases=network.biases,
        )

    def make_table(self, coding: Inputs, dtype: np.dtype[Any]) -> Floats:
        """Return the input of each grey value, shape (256,), of type `dtype`: its coding, divided if inputs are."""
        table: Floats = inputs.make_table(coding, dtype) * dtype.type(self.input_factor)
        return table

    @property
    def side(self) -> int:
        """Side of the images in pixels, if they are square."""
        return isqrt(self.layers[0])

    def cells(self, convolution: Convolution) -> int:
        """Return how many pooled sums a convolution gives of an image."""
        return ((self.side - convolution.size + 1) // convolution.pool) ** 2 * convolution.filters

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Sizes of the input of the fully connected layers, pixels or a convolution's cells, and of each layer."""
        if self.convolution is None:
            return self.layers
        return (self.cells(self.convolution), *self.layers[1:])

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """Shape (inputs, outputs) of each weight matrix."""
        return tuple(zip(self.sizes[:-1], self.sizes[1:], strict=True))

    @property
    def n_filter_parameters(self) -> int:
        """Number of weights and biases of the convolution."""
        if self.convolution is None:
            return 0
        return (self.convolution.size**2 + 1) * self.convolution.filters

    @property
    def n_parameters(self) -> int:
        """Number of weights and biases, with the places of biases that there are not."""
        dense = sum((fan_in + 1) * fan_out for fan_in, fan_out in self.shapes)
        return self.n_filter_parameters + dense

    @property
    def flops_per_sample(self) -> int:
        """Multiplications and additions per training sample: forward, weight gradients, back-propagated errors.

        Operations on zeros count, too. A convolution's gradient comes from the pooled cells only.
        """
        products = [fan_in * fan_out for fan_in, fan_out in self.shapes]
        if self.convolution is None:
            return 2 * (2 * sum(products) + sum(products[1:]))
        return 2 * 3 * sum(products) + sum(self.filter_flops)

    @property
    def filter_flops(self) -> tuple[int, int]:
        """Multiplications and additions of the convolution per training sample: forward, and the filters' gradient."""
        if self.convolution is None:
            return 0, 0
        taps = self.convolution.size**2
        places = (self.side - self.convolution.size + 1) ** 2 * self.convolution.filters
        return 2 * taps * places, 2 * taps * self.sizes[0]

    def flops_of_updates(self, updates: int) -> int:
        """Return the multiplications and additions of so many updates in a row on a sample.

        The weights of the pixels are read and updated once: see `pnncore.kernels.repeats`.
        """
        behind = sum(fan_in * fan_out for fan_in, fan_out in self.shapes[1:])
        return self.flops_per_sample + (updates - 1) * 2 * 3 * behind

    @property
    def input_factor(self) -> float:
        """Factor of the encoded pixels."""
        divided = self.division in ("layer", "every-layer")
        return 1 / (self.layers[0] + self.biases) if divided else 1.0

    @property
    def factors(self) -> tuple[float, ...]:
        """Factor of each weight matrix's sums before the activation."""
        last = len(self.sizes) - 1
        if self.division == "sending":
            return tuple(1 / (size + self.biases) for size in self.sizes[:-1])
        if self.division == "none":
            return (1.0,) * last
        hidden = tuple(1 / (size + self.biases) for size in self.sizes[1:-1])
        return (*hidden, 1.0 if self.division == "layer" else 1 / self.sizes[-1])

    def shape(self, dtype: np.dtype[Any]) -> Shape:
        """Return the network's shape for the compiled loops, which compute in `dtype` and do not change it."""
        sizes = np.array(self.sizes, np.int64)
        fans = np.array(self.shapes, np.int64)
        ends = self.n_filter_parameters + np.cumsum((fans[:, 0] + 1) * fans[:, 1])
        convolution = self.convolution or Convolution(0, 0, 0)
        room = np.append(sizes[0] if self.convolution else 0, sizes[1:])
        factor: Floats = np.array((1.0, *self.factors), dtype)
        return Shape(
            layers=sizes,
            weights=np.concatenate([[0], ends - (fans[:, 0] + 1) * fans[:, 1]]),
            biases=np.concatenate(
                [[self.n_filter_parameters - convolution.filters], ends - fans[:, 1]]
            ),
            at=np.concatenate([[0], np.cumsum(-(-room // VECTOR) * VECTOR)]),
            factor=factor,
            slope=factor if self.division_gradient == "exact" else np.ones_like(factor),
            hidden=ACTIVATIONS.index(self.hidden_activation),
            output=ACTIVATIONS.index(self.output_activation),
            reactivated=self.activation_gradient == "of-activated",
            alpha=dtype.type(self.elu_alpha),
            side=self.side,
            size=convolution.size,
            filters=convolution.filters,
            pool=convolution.pool,
            biased=self.biases,
        )
