"""How fast is an epoch with an optimiser?

The network, batches and data of `benchmarks.minibatch`, with each optimiser that learns from batches. Its cost is its
time over that of plain gradient descent: it reads and writes what it remembers besides the weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from msgspec import structs

from benchmarks import comparison, data, minibatch, peers
from benchmarks.data import Samples
from benchmarks.facts import Fact, Target
from benchmarks.size import EPOCH, Size
from benchmarks.timing import medians
from records.optimisers import Adam, AnyOptimiser, Momentum, Nadam, Nesterov, RMSprop

RATE = 0.001
"""A rate at which all of them train."""

CASES: dict[str, tuple[AnyOptimiser, str, dict[str, Any]]] = {
    "momentum": (Momentum(), "SGD", {"momentum": 0.9, "fused": True}),
    "nesterov": (Nesterov(), "SGD", {"momentum": 0.9, "nesterov": True, "fused": True}),
    "rmsprop": (RMSprop(), "RMSprop", {}),
    "adam": (Adam(), "Adam", {"fused": True}),
    "nadam": (Nadam(), "NAdam", {}),
}
"""Ours, and PyTorch's optimiser of the same name with its settings, in its fastest form."""

TARGETS = {"momentum": Target("<=", 1.5)}


def facts(size: Size) -> Iterator[Fact]:
    """Time an epoch with each optimiser, and without."""
    samples = data.samples("mnist", size.samples)
    training = structs.replace(minibatch.TRAINING, learning_rate=RATE)
    ours = partial(comparison.ours, minibatch.ARCHITECTURE)
    for name, (optimiser, peer, settings) in CASES.items():
        candidates = {
            "ours": ours(structs.replace(training, optimiser=optimiser), samples),
            "gradient descent": ours(training, samples),
            **_pytorch(samples, peer, settings),
        }
        runs: dict[str, Callable[[], object]] = {key: each.run for key, each in candidates.items()}
        seconds = {
            key: time * EPOCH / len(samples) for key, time in medians(runs, size.repeats).items()
        }
        fact = partial(Fact, f"optimiser, {name}", data=samples.name)
        note = f"784-256-10, ReLU, softmax, cross-entropy, batches of 50, {name}"
        yield fact("seconds", "ours", seconds["ours"], unit="s", samples=len(samples), note=note)
        cost = seconds["ours"] / seconds["gradient descent"]
        yield fact("cost", "gradient descent", cost, target=TARGETS.get(name))
        if "PyTorch" in seconds:
            theirs = seconds["PyTorch"]
            yield fact("seconds", "PyTorch", theirs, unit="s", samples=len(samples), note=peer)
            yield fact("ratio", "PyTorch", theirs / seconds["ours"])


def _pytorch(
    samples: Samples, peer: str, settings: dict[str, Any]
) -> dict[str, comparison.Candidate]:
    def make(parameters: Any, **given: Any) -> Any:
        from torch import optim

        return getattr(optim, peer)(parameters, **settings, **given)

    return peers.pytorch(
        samples,
        lambda nn: nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10)),
        lambda nn: nn.CrossEntropyLoss(),
        batch=minibatch.TRAINING.batch_size,
        rate=RATE,
        optimiser=make,
    )
