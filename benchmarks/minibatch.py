"""How fast is an epoch of mini-batch training?

784-256-10, ReLU and softmax with cross-entropy, batches of 50, rate 0.1: the network of Kalwarowskyj & Schikuta.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import c_programs, comparison, data, jax_scan, machine, peers
from benchmarks.facts import Fact
from benchmarks.size import Size
from pnncore.network.architecture import Architecture
from records.settings import Training

ARCHITECTURE = Architecture((784, 256, 10))
TRAINING = Training(learning_rate=0.1, batch_size=50, epochs=1)


def facts(size: Size) -> Iterator[Fact]:
    """Time the case."""
    samples = data.samples("mnist", size.samples)
    batch, rate = TRAINING.batch_size, TRAINING.learning_rate
    others = {
        **peers.pytorch(
            samples,
            lambda nn: nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10)),
            lambda nn: nn.CrossEntropyLoss(),
            batch=batch,
            rate=rate,
        ),
        **peers.scikit_learn(samples, (256,), batch=batch, rate=rate),
        **jax_scan.scan(
            samples, ((784, 256), (256, 10)), jax_scan.cross_entropy, batch=batch, rate=rate
        ),
        **c_programs.online(samples, ARCHITECTURE, rate),
    }
    yield from comparison.compare(
        "minibatch",
        samples,
        comparison.ours(ARCHITECTURE, TRAINING, samples),
        others,
        machine.fully_connected(ARCHITECTURE, samples.pixels, batch),
        targets={"PyTorch": 2.5, "JAX": 2.5, "C, listed pixels": 1.1},
        repeats=size.repeats,
        note="784-256-10, ReLU, softmax, cross-entropy, batches of 50",
    )
