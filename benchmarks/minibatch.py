"""How fast is an epoch of mini-batch training, against PyTorch, scikit-learn and the machine's sgemm rate?

784-256-10, ReLU and softmax, 60,000 samples in batches of 50, rate 0.1, one thread, from grey values in memory to
updated weights: the network of Kalwarowskyj & Schikuta.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.machine import sgemm_rate
from benchmarks.timing import medians
from pnncore.arrays import Labels, Pixels
from pnncore.datasets import load
from pnncore.network import Architecture, Network
from pnncore.sgd import Training, train_epoch

LAYERS = (784, 256, 10)
BATCH = 50
RATE = 0.1
SAMPLES = 60_000
MNIST = Path("resources/datasets/mnist")

Row = dict[str, str | float]


def rows(repeats: int) -> list[Row]:
    """Time the case and return a row for each peer, and one for the machine's limit."""
    pixels, labels, data = samples()
    candidates = {"ours": ours(pixels, labels), **peers(pixels, labels)}
    seconds = medians(candidates, repeats)
    flops = Architecture(LAYERS).flops_per_sample * SAMPLES
    seconds["sgemm limit"] = flops / sgemm_rate()
    own = seconds.pop("ours")
    case = f"784-256-10, batch 50, epoch of 60,000 ({data})"
    return [
        {"case": case, "ours_s": own, "peer": peer, "peer_s": theirs, "ratio": theirs / own}
        for peer, theirs in seconds.items()
    ]


def samples() -> tuple[Pixels, Labels, str]:
    """Return MNIST where it has been prepared, else as many made-up samples with as many zeros."""
    if (MNIST / "dataset.json").exists():
        train = load(MNIST).train
        return np.array(train.images).reshape(SAMPLES, -1), np.array(train.labels), "MNIST"
    rng = np.random.default_rng(0)
    pixels = rng.integers(1, 256, (SAMPLES, LAYERS[0]), dtype=np.uint8)
    pixels[rng.random(pixels.shape) < 0.81] = 0
    return pixels, rng.integers(0, LAYERS[-1], SAMPLES).astype(np.uint8), "made up"


def ours(pixels: Pixels, labels: Labels) -> Callable[[], object]:
    """Return an epoch of our own training."""
    start = {"weights": "he-normal", "scale": 0.1, "biases": "zeros"}
    network = Network.random(Architecture(LAYERS), start, np.random.default_rng(0))
    training = Training(RATE, BATCH, epochs=1)
    order = np.random.default_rng(1).permutation(SAMPLES)
    return lambda: train_epoch(network, pixels, labels, order, training)


def peers(pixels: Pixels, labels: Labels) -> dict[str, Callable[[], object]]:
    """Return an epoch of each peer that is installed."""
    found = {"scikit-learn": scikit_learn(pixels, labels)}
    try:
        found = {"PyTorch": pytorch(pixels, labels), **found}
    except ModuleNotFoundError:
        print("PyTorch is not installed and left out: pip install -e .[bench] adds it")
    return found


def pytorch(pixels: Pixels, labels: Labels) -> Callable[[], object]:
    """Return an epoch of PyTorch's eager mode on tensors that were scaled beforehand."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    model = nn.Sequential(nn.Linear(*LAYERS[:2]), nn.ReLU(), nn.Linear(*LAYERS[1:]))
    optimizer = torch.optim.SGD(model.parameters(), RATE)
    loss = nn.CrossEntropyLoss()
    inputs = torch.from_numpy(pixels.astype(np.float32) / 255)
    targets = torch.from_numpy(labels.astype(np.int64))
    order = torch.randperm(SAMPLES, generator=torch.Generator().manual_seed(1))

    def epoch() -> None:
        for start in range(0, SAMPLES, BATCH):
            batch = order[start : start + BATCH]
            optimizer.zero_grad()
            loss(model(inputs[batch]), targets[batch]).backward()
            optimizer.step()

    return epoch


def scikit_learn(pixels: Pixels, labels: Labels) -> Callable[[], object]:
    """Return an epoch of scikit-learn's network on samples that were scaled beforehand."""
    from sklearn.neural_network import MLPClassifier

    inputs = pixels.astype(np.float32) / 255
    model = MLPClassifier(
        hidden_layer_sizes=LAYERS[1:-1],
        solver="sgd",
        alpha=0,
        batch_size=BATCH,
        learning_rate_init=RATE,
        momentum=0,
        random_state=0,
    )
    classes = np.arange(LAYERS[-1])
    return lambda: model.partial_fit(inputs, labels, classes=classes)
