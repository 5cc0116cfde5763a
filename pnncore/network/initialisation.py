"""Initialisation of weights and biases."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import numpy as np

from pnncore.arrays import Floats
from records.errors import InputError
from records.settings import Distribution, Network

Number = TypeVar("Number", int, float)


class Layer(NamedTuple):
    """What the distribution of a layer's weights depends on.

    Attributes
    ----------
    fan_in, fan_out
        Inputs of a neuron, and neurons that an input is for.
    scale, levels
        See `records.settings.Initialisation`.
    """

    fan_in: int
    fan_out: int
    scale: float
    levels: int


Draw = Callable[[np.random.Generator, tuple[int, ...], Layer], Floats]


def _he_normal(rng: np.random.Generator, shape: tuple[int, ...], layer: Layer) -> Floats:
    return rng.normal(0, np.sqrt(2 / layer.fan_in), shape)


def _he_uniform(rng: np.random.Generator, shape: tuple[int, ...], layer: Layer) -> Floats:
    bound = np.sqrt(6 / layer.fan_in)
    return rng.uniform(-bound, bound, shape)


def _lecun_normal(rng: np.random.Generator, shape: tuple[int, ...], layer: Layer) -> Floats:
    return rng.normal(0, np.sqrt(1 / layer.fan_in), shape)


def _xavier_normal(rng: np.random.Generator, shape: tuple[int, ...], layer: Layer) -> Floats:
    return rng.normal(0, np.sqrt(2 / (layer.fan_in + layer.fan_out)), shape)


def _xavier_uniform(rng: np.random.Generator, shape: tuple[int, ...], layer: Layer) -> Floats:
    bound = np.sqrt(6 / (layer.fan_in + layer.fan_out))
    return rng.uniform(-bound, bound, shape)


def _normal(rng: np.random.Generator, shape: tuple[int, ...], layer: Layer) -> Floats:
    return rng.normal(0, layer.scale, shape)


def _uniform(rng: np.random.Generator, shape: tuple[int, ...], layer: Layer) -> Floats:
    return rng.uniform(-layer.scale, layer.scale, shape)


def _positive_uniform(rng: np.random.Generator, shape: tuple[int, ...], layer: Layer) -> Floats:
    return rng.uniform(0, layer.scale, shape)


def _signed_levels(rng: np.random.Generator, shape: tuple[int, ...], layer: Layer) -> Floats:
    sizes = rng.integers(0, layer.levels + 1, shape) * (layer.scale / layer.levels)
    return sizes * (1.0 - 2.0 * rng.integers(0, 2, shape))


def _zeros(rng: np.random.Generator, shape: tuple[int, ...], layer: Layer) -> Floats:
    return np.zeros(shape)


DISTRIBUTIONS: dict[Distribution, Draw] = {
    "he-normal": _he_normal,
    "he-uniform": _he_uniform,
    "lecun-normal": _lecun_normal,
    "xavier-normal": _xavier_normal,
    "xavier-uniform": _xavier_uniform,
    "normal": _normal,
    "uniform": _uniform,
    "positive-uniform": _positive_uniform,
    "signed-levels": _signed_levels,
    "zeros": _zeros,
}
"""Distributions by name. The ``he`` ones are those of He et al. (2015), the ``xavier`` ones those of Glorot & Bengio
(2010), ``lecun-normal`` is that of LeCun et al. (1998), which SELU needs; the others take their width from `scale`. All
have mean zero except ``positive-uniform``, which starts at 0 as in Olsen et al. (Section III.iii). ``signed-levels`` is
0, 1, … or `levels` steps of `scale` / `levels`, with a sign drawn apart, so that 0 is twice as frequent as any other
number (Ott's own program). With ``zeros``, which Olsen et al. warn of there, the neurons of a layer never differ."""


def at_layer(setting: Number | tuple[Number, ...], layer: int) -> Number:
    """Return a setting's number for a layer: that of all layers, or the layer's own."""
    return setting[layer] if isinstance(setting, tuple) else setting


def check_initialisation(network: Network) -> None:
    """Check that a network's initialisation is one of its layers.

    Raises
    ------
    InputError
        If a list has not one number for each layer, or biases are to be drawn where there are none.
    """
    start = network.initialisation
    layers = len(network.hidden) + 1 + (network.convolution is not None)
    for key, setting in (("scale", start.scale), ("levels", start.levels)):
        if isinstance(setting, tuple) and len(setting) != layers:
            raise InputError(
                f"network.initialisation.{key}: expected one number, or {layers} numbers, one for each layer of "
                f"weights, got {len(setting)}"
            )
    if start.biases == "random" and not network.biases:
        raise InputError(
            "network.initialisation.biases: there are no biases to draw; set it to zeros, or network.biases to true"
        )
