"""How fast is an epoch of online training without anything special?

784-100-10, ReLU and softmax with cross-entropy, an update per sample: what programs in C can do, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import c_programs, comparison, data, jax_scan, machine, peers
from benchmarks.facts import Fact
from benchmarks.size import Size
from pnncore.network.architecture import Architecture
from records.settings import Training

ARCHITECTURE = Architecture((784, 100, 10))
TRAINING = Training(learning_rate=0.01, batch_size=1, epochs=1)


def facts(size: Size) -> Iterator[Fact]:
    """Time the case."""
    samples = data.samples("mnist", size.samples)
    rate = TRAINING.learning_rate
    others = {
        **c_programs.online(samples, ARCHITECTURE, rate),
        **jax_scan.scan(
            samples, ((784, 100), (100, 10)), jax_scan.cross_entropy, batch=1, rate=rate
        ),
        **peers.pytorch(
            samples,
            lambda nn: nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10)),
            lambda nn: nn.CrossEntropyLoss(),
            batch=1,
            rate=rate,
            most=6_000,
        ),
    }
    yield from comparison.compare(
        "plain",
        samples,
        comparison.ours(ARCHITECTURE, TRAINING, samples),
        others,
        machine.fully_connected(ARCHITECTURE, samples.pixels, 1),
        targets={"C, listed pixels": 0.9, "JAX": 4},
        repeats=size.repeats,
        note="784-100-10, ReLU, softmax, cross-entropy, online",
    )
