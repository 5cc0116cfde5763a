"""Fully connected networks whose parameters are one vector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from pnncore import activations, losses
from pnncore.arrays import Floats
from pnncore.errors import PnncoreError
from pnncore.initialisation import DISTRIBUTIONS


@dataclass(frozen=True)
class Architecture:
    """Shape, activations and loss of a fully connected network.

    Attributes
    ----------
    layers
        Neurons a layer, from the inputs to the outputs.
    hidden_activation, output_activation
        Names of `pnncore.activations`.
    loss
        Name of `pnncore.losses`.
    elu_alpha
        The α of ELU.

    Raises
    ------
    PnncoreError
        If the loss is cross-entropy and the output is neither softmax nor sigmoid.
    """

    layers: tuple[int, ...]
    hidden_activation: str = "relu"
    output_activation: str = "softmax"
    loss: str = "cross-entropy"
    elu_alpha: float = 1.0

    def __post_init__(self) -> None:
        if (
            self.loss == "cross-entropy"
            and self.output_activation not in losses.CROSS_ENTROPY_OUTPUTS
        ):
            raise PnncoreError(
                f"network.output_activation: cross-entropy needs a softmax or sigmoid output, not "
                f"{self.output_activation}; change it or set network.loss to quadratic"
            )

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any], inputs: int, outputs: int) -> Self:
        """Build from the ``network`` object of a run specification and the dataset's sizes."""
        return cls(
            layers=(inputs, *spec["hidden"], outputs),
            hidden_activation=spec["hidden_activation"],
            output_activation=spec["output_activation"],
            loss=spec["loss"],
            elu_alpha=spec["elu_alpha"],
        )

    def make_activations(self) -> tuple[activations.Activation, ...]:
        """Return the activation of each layer after the inputs."""
        hidden = activations.named(self.hidden_activation, self.elu_alpha)
        output = activations.named(self.output_activation, self.elu_alpha)
        return (*[hidden] * (len(self.layers) - 2), output)

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """Shape (inputs, outputs) of each weight matrix."""
        return tuple(zip(self.layers[:-1], self.layers[1:], strict=True))

    @property
    def n_parameters(self) -> int:
        """Number of weights and biases."""
        return sum((fan_in + 1) * fan_out for fan_in, fan_out in self.shapes)

    @property
    def flops_per_sample(self) -> int:
        """Multiplications and additions to learn from one sample: forward, weight gradients, back-propagated errors."""
        products = [fan_in * fan_out for fan_in, fan_out in self.shapes]
        return 2 * (2 * sum(products) + sum(products[1:]))


class Network:
    """A fully connected network.

    Its weights and biases are views of one vector, so that merging networks is arithmetic on vectors.

    Parameters
    ----------
    architecture
        Shape, activations and loss.
    parameters
        Weights and biases, layer by layer, shape (architecture.n_parameters,); not copied.
    """

    def __init__(self, architecture: Architecture, parameters: Floats) -> None:
        self.architecture = architecture
        self.parameters = parameters
        self.activations = architecture.make_activations()
        self.weights: list[Floats] = []
        self.biases: list[Floats] = []
        start = 0
        for fan_in, fan_out in architecture.shapes:
            stop = start + fan_in * fan_out
            self.weights.append(parameters[start:stop].reshape(fan_in, fan_out))
            self.biases.append(parameters[stop : stop + fan_out])
            start = stop + fan_out

    @classmethod
    def random(
        cls,
        architecture: Architecture,
        initialisation: Mapping[str, Any],
        rng: np.random.Generator,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> Self:
        """Draw a new network.

        Parameters
        ----------
        architecture
            Its shape.
        initialisation
            ``weights`` (a name of `pnncore.initialisation.DISTRIBUTIONS`), ``scale`` and ``biases`` (``zeros`` or
            ``random``, then drawn as the layer's weights are).
        rng
            Source of the numbers.
        dtype
            float32, or float64 for checks of gradients.
        """
        network = cls(architecture, np.zeros(architecture.n_parameters, dtype))
        draw = DISTRIBUTIONS[initialisation["weights"]]
        for weights, biases in zip(network.weights, network.biases, strict=True):
            fan_in, fan_out = weights.shape
            weights[...] = draw(rng, weights.shape, fan_in, fan_out, initialisation["scale"])
            if initialisation["biases"] == "random":
                biases[...] = draw(rng, biases.shape, fan_in, fan_out, initialisation["scale"])
        return network

    def __reduce__(self) -> tuple[type[Network], tuple[Architecture, Floats]]:
        # The views are not shipped to workers: they are rebuilt from the vector.
        return Network, (self.architecture, self.parameters)

    def copy(self) -> Network:
        """Return a network of its own with the same parameters."""
        return Network(self.architecture, self.parameters.copy())

    def outputs(self, inputs: Floats) -> Floats:
        """Propagate inputs of shape (samples, inputs) to outputs of shape (samples, outputs)."""
        values = inputs
        layers = zip(self.weights, self.biases, self.activations, strict=True)
        for weights, biases, activation in layers:
            values = values @ weights
            values += biases
            activation.apply(values)
        return values
