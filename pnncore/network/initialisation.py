"""Initialisation of weights and biases."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pnncore.arrays import Floats
from records.settings import Distribution

Draw = Callable[[np.random.Generator, tuple[int, ...], int, int, float], Floats]


def _he_normal(
    rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int, scale: float
) -> Floats:
    return rng.normal(0, np.sqrt(2 / fan_in), shape)


def _he_uniform(
    rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int, scale: float
) -> Floats:
    bound = np.sqrt(6 / fan_in)
    return rng.uniform(-bound, bound, shape)


def _xavier_normal(
    rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int, scale: float
) -> Floats:
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), shape)


def _xavier_uniform(
    rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int, scale: float
) -> Floats:
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, shape)


def _normal(
    rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int, scale: float
) -> Floats:
    return rng.normal(0, scale, shape)


def _uniform(
    rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int, scale: float
) -> Floats:
    return rng.uniform(-scale, scale, shape)


def _positive_uniform(
    rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int, scale: float
) -> Floats:
    return rng.uniform(0, scale, shape)


def _zeros(
    rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int, scale: float
) -> Floats:
    return np.zeros(shape)


DISTRIBUTIONS: dict[Distribution, Draw] = {
    "he-normal": _he_normal,
    "he-uniform": _he_uniform,
    "xavier-normal": _xavier_normal,
    "xavier-uniform": _xavier_uniform,
    "normal": _normal,
    "uniform": _uniform,
    "positive-uniform": _positive_uniform,
    "zeros": _zeros,
}
"""Distributions by name. The ``he`` ones are those of He et al. (2015), the ``xavier`` ones those of Glorot & Bengio
(2010); the others take their width from `scale`. All have mean zero except ``positive-uniform``, which starts at 0 as
in Olsen et al. (Section III.iii). With ``zeros``, which they warn of there, the neurons of a layer never differ."""
