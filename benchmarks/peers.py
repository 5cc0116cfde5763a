"""Peers: other libraries, each in the fastest form that we found for networks this small."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache, partial
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.comparison import Candidate
from benchmarks.data import CLASSES, Samples

Builder = Callable[..., Any]
Step = Callable[[Any, Any], None]
Way = Callable[[Any, Any, Any, float, float], Step]


def pytorch(
    samples: Samples,
    network: Builder,
    loss: Builder,
    *,
    batch: int,
    rate: float,
    most: int | None = None,
    elastic_net: float = 0.0,
    image: tuple[int, ...] = (),
    one_hot: bool = False,
    onednn: bool = True,
    optimiser: Builder | None = None,
) -> dict[str, Candidate]:
    """Return ways to train an epoch in PyTorch's eager mode; empty if it is not installed.

    Batches are views of tensors that were scaled and shuffled beforehand, so an epoch neither indexes nor converts.
    Unless an optimiser is given, there are two ways. The first takes gradients from autograd and updates the parameters
    in place, which for small networks is faster than any PyTorch optimiser. The second uses `torch.optim.SGD`, as most
    users would.

    Parameters
    ----------
    samples
        The samples to train on.
    network, loss
        Functions that make the network and the loss from `torch.nn`.
    batch, rate
        Samples per update, and the learning rate.
    most
        The largest number of samples to train on; all unless given.
    elastic_net
        λ of a shrinkage of all parameters w by λ·rate·(sgn(w) + w) per update. Shrinking them by hand takes far less
        time than a penalty in the loss.
    image
        Shape of a sample that is not a vector.
    one_hot
        Whether the loss takes one-hot vectors rather than classes.
    onednn
        Whether PyTorch may use oneDNN, whose set-up takes longer than small convolutions.
    optimiser
        Function that makes an optimiser of `torch.optim` from the parameters and the rate.
    """
    if not is_installed("torch", "PyTorch"):
        return {}
    import torch
    from torch import nn

    torch.set_num_threads(1)
    inputs, classes = map(torch.from_numpy, samples.scaled(most))
    count = len(classes)
    targets = nn.functional.one_hot(classes, CLASSES).float() if one_hot else classes
    batches = list(
        zip(
            inputs.reshape(count, *(image or (-1,))).split(batch), targets.split(batch), strict=True
        )
    )

    def epoch(way: Way, note: str) -> Candidate:
        step = way(torch, network(nn), loss(nn), rate, elastic_net)

        def run() -> None:
            torch.backends.mkldnn.enabled = onednn
            for x, t in batches:
                step(x, t)

        return Candidate(run, count, note)

    if optimiser is not None:
        return {"PyTorch": epoch(partial(_by_optimiser, optimiser), "eager, torch.optim")}
    fused = partial(torch.optim.SGD, fused=True)
    return {
        "PyTorch": epoch(_by_hand, "eager, updated by hand"),
        "PyTorch's optimiser": epoch(
            partial(_by_optimiser, fused), "eager, torch.optim.SGD, fused"
        ),
    }


@cache
def is_installed(package: str, name: str) -> bool:
    """Return whether a peer is installed; print a note, once, if it is not."""
    found = find_spec(package) is not None
    if not found:
        print(
            f"{name} is not installed and is skipped; install it with pip install -e .[bench]",
            file=sys.stderr,
        )
    return found


def _by_hand(torch: Any, model: Any, loss: Any, rate: float, elastic_net: float) -> Step:
    parameters = list(model.parameters())
    pull = rate * elastic_net

    def step(x: Any, t: Any) -> None:
        gradients = torch.autograd.grad(loss(model(x), t), parameters)
        with torch.no_grad():
            for w, gradient in zip(parameters, gradients, strict=True):
                if pull:
                    w.mul_(1 - pull).add_(w.sign(), alpha=-pull)
                w.add_(gradient, alpha=-rate)

    return step


def _by_optimiser(
    make: Callable[..., Any], torch: Any, model: Any, loss: Any, rate: float, elastic_net: float
) -> Step:
    parameters = list(model.parameters())
    optimiser = make(parameters, lr=rate, weight_decay=elastic_net)

    def step(x: Any, t: Any) -> None:
        optimiser.zero_grad(set_to_none=True)
        loss(model(x), t).backward()
        if elastic_net:
            with torch.no_grad():
                for w in parameters:
                    w.grad.add_(w.sign(), alpha=elastic_net)
        optimiser.step()

    return step


def scikit_learn(
    samples: Samples, hidden: tuple[int, ...], *, batch: int, rate: float
) -> dict[str, Candidate]:
    """Return an epoch of scikit-learn's network: ReLU, softmax and cross-entropy."""
    from sklearn.neural_network import MLPClassifier

    inputs, classes = samples.scaled()
    model = MLPClassifier(
        hidden_layer_sizes=hidden,
        solver="sgd",
        alpha=0,
        batch_size=batch,
        learning_rate_init=rate,
        momentum=0,
        random_state=0,
    )
    everything = np.arange(CLASSES)
    return {
        "scikit-learn": Candidate(
            lambda: model.partial_fit(inputs, classes, classes=everything), len(samples)
        )
    }
