"""Structs: size by order of fields, and time with one per connection (Wiesinger & Schikuta, V-A1 and V-A5)."""

from __future__ import annotations

from itertools import permutations
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pnncore.data.dataset import Dataset
from pnncore.kernels.compiled import reduced
from pnncore.properties.contract import Facts, Property
from pnncore.timing.stopwatch import interleaved, timer

Records: TypeAlias = NDArray[Any]
Numbers: TypeAlias = NDArray[np.float32]
Addresses: TypeAlias = NDArray[np.int64]

FIELDS = ("i1", "f8", "i2", "i1", "i4")
"""Types of a struct's fields, of one to eight bytes, each aligned to its size as in C and Go."""

LAYERS = (784, 100, 10)
NEURON = np.dtype([("value", "f4"), ("error", "f4")])
CONNECTION = np.dtype([("source", "i8"), ("target", "i8"), ("weight", "f4")], align=True)
"""Struct of a connection: the addresses of its two neurons, and its weight."""

SAMPLES, RATE, REPEATS = 200, np.float32(0.01), 5


def examine(_: Dataset) -> Facts:
    """Compare all orders of a struct's fields by size, and a network of arrays with one of structs by time."""
    sizes = [_size(order) for order in permutations(FIELDS)]
    ordered = sorted(FIELDS, key=lambda field: -np.dtype(field).itemsize)

    rng = np.random.default_rng(1)
    pixels, first, second = (
        rng.uniform(low, 0.1, shape).astype(np.float32)
        for low, shape in ((0, (SAMPLES, LAYERS[0])), (-0.1, LAYERS[1::-1]), (-0.1, LAYERS[:0:-1]))
    )
    connections = np.concatenate([_connect(first, 0), _connect(second, LAYERS[0])])
    lower, upper = np.split(np.arange(len(connections)), [first.size])
    neurons = np.zeros(sum(LAYERS), NEURON)
    values, errors = np.zeros(LAYERS[1], np.float32), np.zeros(LAYERS[2], np.float32)
    seconds = interleaved(
        [
            timer(lambda: _train_arrays(pixels, first, second, values, errors, RATE)),
            timer(lambda: _train_structs(pixels, connections, lower, upper, neurons, RATE)),
        ],
        REPEATS,
    )
    arrays, structs = np.array(seconds)
    weights = np.concatenate([first.ravel(), second.ravel()])
    return {
        "ordered_bytes": _size(ordered),
        "smallest_bytes": min(sizes),
        "largest_bytes": max(sizes),
        "array_seconds": arrays,
        "struct_seconds": structs,
        "time_ratio": structs / arrays,
        "difference": np.abs(weights - connections["weight"]).max(),
    }


def _size(fields: Any) -> int:
    return np.dtype([(f"field{i}", field) for i, field in enumerate(fields)], align=True).itemsize


def _connect(weights: Numbers, start: int) -> Records:
    """Return a struct for each weight of a layer; its sources start at address `start`, its targets follow them."""
    targets, sources = np.indices(weights.shape)
    connections = np.zeros(weights.size, CONNECTION)
    connections["source"] = start + sources.ravel()
    connections["target"] = start + weights.shape[1] + targets.ravel()
    connections["weight"] = weights.ravel()
    return connections


@reduced
def _train_arrays(
    pixels: Numbers,
    first: Numbers,
    second: Numbers,
    values: Numbers,
    errors: Numbers,
    rate: np.float32,
) -> None:
    """Train sample by sample towards outputs of zero; the weights into a neuron are one row."""
    zero = np.float32(0)
    for s in range(pixels.shape[0]):
        for j in range(first.shape[0]):
            total = zero
            for i in range(first.shape[1]):
                total += first[j, i] * pixels[s, i]
            values[j] = max(total, zero)
        for k in range(second.shape[0]):
            errors[k] = zero
            for j in range(second.shape[1]):
                errors[k] += second[k, j] * values[j]
        for j in range(first.shape[0]):
            delta = zero
            for k in range(second.shape[0]):
                delta += second[k, j] * errors[k]
                second[k, j] -= rate * errors[k] * values[j]
            if values[j] > 0:
                for i in range(first.shape[1]):
                    first[j, i] -= rate * delta * pixels[s, i]


@reduced
def _train_structs(
    pixels: Numbers,
    connections: Records,
    lower: Addresses,
    upper: Addresses,
    neurons: Records,
    rate: np.float32,
) -> None:
    """Do the same, connection by connection; connections and neurons are accessed by address."""
    n_pixels = pixels.shape[1]
    for s in range(pixels.shape[0]):
        for n in range(neurons.shape[0]):
            neurons[n].value = pixels[s, n] if n < n_pixels else np.float32(0)
            neurons[n].error = np.float32(0)
        for a in lower:
            c = connections[a]
            neurons[c.target].value += c.weight * neurons[c.source].value
        for n in range(n_pixels, neurons.shape[0]):
            neurons[n].value = max(neurons[n].value, np.float32(0))
        for a in upper:
            c = connections[a]
            neurons[c.target].error += c.weight * neurons[c.source].value
        for a in upper:
            c = connections[a]
            neurons[c.source].error += c.weight * neurons[c.target].error
            c.weight -= rate * neurons[c.target].error * neurons[c.source].value
        for a in lower:
            c = connections[a]
            if neurons[c.target].value > 0:
                c.weight -= rate * neurons[c.target].error * neurons[c.source].value


PROPERTY = Property(
    "structs",
    "Sizes of structs by order of fields, and time with a struct for every connection.",
    examine,
    replicates="repeats",
    alone=True,
)
