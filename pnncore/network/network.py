"""Networks whose parameters are one vector."""

from __future__ import annotations

from typing import Self

import numpy as np

from pnncore.arrays import Floats, copy_aligned, make_aligned
from pnncore.kernels.forward import compute_outputs
from pnncore.kernels.listed import Listed
from pnncore.kernels.scratch import make_test_scratch
from pnncore.network.architecture import Architecture
from pnncore.network.initialisation import DISTRIBUTIONS, Layer, at_layer
from records.settings import Convolution, Initialisation, Inputs


class Network:
    """A network.

    Its weights and biases are views of one vector, so that merging networks is vector arithmetic. The vector holds the
    convolution's parameters, if there is one, and then each layer's weights and biases. The weights from pixels are
    stored pixel by pixel, so that those of pixels of value zero can be skipped; all others are stored neuron by neuron.
    The views have the same axes in both cases.

    Parameters
    ----------
    architecture
        Shape, activations and loss.
    parameters
        Weights and biases, shape (architecture.n_parameters,); not copied.

    Attributes
    ----------
    weights
        Weights of each fully connected layer, shapes (inputs, outputs).
    biases
        Biases of each fully connected layer, shapes (outputs,).
    filters, filter_biases
        Filters and biases of the convolution, shapes (size, size, filters) and (filters,); empty without one.
    """

    def __init__(self, architecture: Architecture, parameters: Floats) -> None:
        self.architecture = architecture
        self.parameters = parameters
        self.weights: list[Floats] = []
        self.biases: list[Floats] = []
        convolution = architecture.convolution or Convolution(0, 0, 0)
        start = architecture.n_filter_parameters
        taps = parameters[: start - convolution.filters]
        self.filters: Floats = taps.reshape(convolution.size, convolution.size, convolution.filters)
        self.filter_biases: Floats = parameters[start - convolution.filters : start]
        for layer, (fan_in, fan_out) in enumerate(architecture.shapes):
            stop = start + fan_in * fan_out
            weights = parameters[start:stop]
            by_pixel = layer == 0 and architecture.convolution is None
            self.weights.append(
                weights.reshape(fan_in, fan_out) if by_pixel else weights.reshape(fan_out, fan_in).T
            )
            self.biases.append(parameters[stop : stop + fan_out])
            start = stop + fan_out

    @classmethod
    def random(
        cls,
        architecture: Architecture,
        initialisation: Initialisation,
        rng: np.random.Generator,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> Self:
        """Draw a random network.

        Parameters
        ----------
        architecture
            Its architecture.
        initialisation
            ``weights`` (a name of `pnncore.network.initialisation.DISTRIBUTIONS`), ``scale`` and ``levels`` (of all
            layers, or one for each) and ``biases`` (``zeros``, or ``random``: drawn like the layer's weights, if the
            architecture has biases).
        rng
            Random number generator.
        dtype
            float32, or float64 for checks of gradients.
        """
        network = cls(architecture, make_aligned((architecture.n_parameters,), dtype))
        draw = DISTRIBUTIONS[initialisation.weights]
        random_biases = architecture.biases and initialisation.biases == "random"
        parts = [
            (weights, biases, *weights.shape)
            for weights, biases in zip(network.weights, network.biases, strict=True)
        ]
        if architecture.convolution is not None:
            taps = architecture.convolution.size**2
            fan_out = taps * architecture.convolution.filters
            parts.insert(0, (network.filters, network.filter_biases, taps, fan_out))
        for place, (weights, biases, fan_in, fan_out) in enumerate(parts):
            scale = at_layer(initialisation.scale, place)
            layer = Layer(fan_in, fan_out, scale, at_layer(initialisation.levels, place))
            weights[...] = draw(rng, weights.shape, layer)
            if random_biases:
                biases[...] = draw(rng, biases.shape, layer)
        return network

    def __reduce__(self) -> tuple[type[Network], tuple[Architecture, Floats]]:
        # Views are rebuilt from the vector rather than pickled.
        return Network, (self.architecture, self.parameters)

    @property
    def all_weights(self) -> Floats:
        """All weights, without biases, shape (weights,)."""
        return np.concatenate([each.ravel() for each in (self.filters, *self.weights)])

    def copy(self) -> Network:
        """Return an independent network with the same parameters."""
        return Network(self.architecture, copy_aligned(self.parameters))

    def outputs(self, listed: Listed, coding: Inputs) -> Floats:
        """Propagate samples forward.

        Parameters
        ----------
        listed
            The samples' pixels, listed for the coding.
        coding
            See `pnncore.data.inputs.make_table`.

        Returns
        -------
        numpy.ndarray
            Outputs of shape (samples, classes), in the parameters' type.
        """
        dtype = self.parameters.dtype
        shape, table = self.architecture.shape(dtype), self.architecture.make_table(coding, dtype)
        scratch = make_test_scratch(shape, dtype)
        outputs: Floats = np.empty((listed.samples, self.architecture.layers[-1]), dtype)
        compute_outputs(shape, table, scratch, self.parameters, listed, outputs)
        return outputs
