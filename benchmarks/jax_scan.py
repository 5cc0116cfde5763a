"""JAX: a whole epoch as one compiled loop, `lax.scan` under `jit`, on one core."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from benchmarks.comparison import Candidate
from benchmarks.data import CLASSES, Samples
from benchmarks.peers import is_installed

Parameters = list[tuple[Any, Any]]
"""Weights and biases of each layer."""

Loss = Callable[[Any, Parameters, Any, Any], Any]
"""Given JAX, parameters, inputs and one-hot classes of a batch: its mean loss, or the sum."""

ONE_CORE = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


def scan(
    samples: Samples,
    shapes: tuple[tuple[int, ...], ...],
    loss: Loss,
    *,
    batch: int,
    rate: float,
    most: int | None = None,
    image: tuple[int, ...] = (),
) -> dict[str, Candidate]:
    """Return an epoch in JAX; empty if it is not installed.

    Parameters
    ----------
    samples
        The samples to train on.
    shapes
        Shape of each layer's weights; the last axis is that of its biases.
    loss
        The loss of a batch.
    batch, rate
        Samples per update, and the learning rate.
    most
        The largest number of samples to train on; all unless given.
    image
        Shape of a sample that is not a vector.
    """
    jax = _load()
    if jax is None:
        return {}
    inputs, classes = samples.scaled(most)
    count = len(classes) // batch * batch
    x = inputs[:count].reshape(-1, batch, *(image or (inputs.shape[1],)))
    t = np.eye(CLASSES, dtype=np.float32)[classes[:count]].reshape(-1, batch, CLASSES)
    rng = np.random.default_rng(0)
    start = [
        (
            (rng.standard_normal(shape) * np.sqrt(2 / np.prod(shape[:-1]))).astype(np.float32),
            np.zeros(shape[-1], np.float32),
        )
        for shape in shapes
    ]
    gradient = jax.grad(lambda parameters, x, t: loss(jax, parameters, x, t))

    def step(parameters: Parameters, pair: Any) -> tuple[Parameters, None]:
        slopes = gradient(parameters, *pair)
        return jax.tree.map(lambda w, slope: w - rate * slope, parameters, slopes), None

    epoch = jax.jit(lambda parameters, x, t: jax.lax.scan(step, parameters, (x, t))[0])
    arrays = [jax.numpy.asarray(each) for each in (x, t)]
    return {
        "JAX": Candidate(
            lambda: jax.block_until_ready(epoch(start, *arrays)), count, "lax.scan under jit"
        )
    }


def cross_entropy(jax: Any, parameters: Parameters, x: Any, t: Any) -> Any:
    """Return the mean cross-entropy of a network with ReLU and softmax."""
    *hidden, (w, b) = parameters
    for weights, biases in hidden:
        x = jax.nn.relu(x @ weights + biases)
    return -(t * jax.nn.log_softmax(x @ w + b)).sum() / len(t)


def squares(jax: Any, parameters: Parameters, x: Any, t: Any) -> Any:
    """Return half the sum of the squared errors of a network with tanh in all layers."""
    for weights, biases in parameters:
        x = jax.numpy.tanh(x @ weights + biases)
    return 0.5 * ((x - t) ** 2).sum()


def convolution(jax: Any, parameters: Parameters, x: Any, t: Any) -> Any:
    """Return the mean cross-entropy of a convolution with ReLU and max-pooling of 2 x 2, and a dense layer."""
    (filters, offsets), dense = parameters
    sums = jax.lax.conv_general_dilated(
        x, filters, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC")
    )
    maps = jax.nn.relu(sums + offsets)
    pooled = jax.lax.reduce_window(maps, -np.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    return cross_entropy(jax, [dense], pooled.reshape(len(t), -1), t)


@cache
def _load() -> Any:
    """Return JAX, confined to one core; None if it is not installed."""
    if not is_installed("jax", "JAX"):
        return None
    # Read when JAX is imported.
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {ONE_CORE}".strip()
    os.environ["JAX_PLATFORMS"] = "cpu"
    import jax

    return jax
