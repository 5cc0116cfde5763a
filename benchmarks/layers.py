"""How fast is an epoch of online training with two hidden layers?

784-128-64-10, tanh in all layers and the quadratic loss, on Fashion-MNIST, half of whose pixels are zero: two hidden
layers, as Olsen, West & Thomasma had, who do not print their sizes. PyTorch's squared error has no factor ½, so half
the rate gives the same updates.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import comparison, data, jax_scan, machine, peers
from benchmarks.facts import Fact
from benchmarks.size import Size
from pnncore.network.architecture import Architecture
from records.settings import Training

ARCHITECTURE = Architecture(
    (784, 128, 64, 10), hidden_activation="tanh", output_activation="tanh", loss="quadratic"
)
TRAINING = Training(learning_rate=0.01, batch_size=1, epochs=1)


def facts(size: Size) -> Iterator[Fact]:
    """Time the case."""
    samples = data.samples("fashion-mnist", size.samples)
    others = jax_scan.scan(
        samples,
        ((784, 128), (128, 64), (64, 10)),
        jax_scan.squares,
        batch=1,
        rate=TRAINING.learning_rate,
    )
    others |= peers.pytorch(
        samples,
        lambda nn: nn.Sequential(
            *(nn.Linear(784, 128), nn.Tanh()),
            *(nn.Linear(128, 64), nn.Tanh()),
            *(nn.Linear(64, 10), nn.Tanh()),
        ),
        lambda nn: nn.MSELoss(reduction="sum"),
        batch=1,
        rate=TRAINING.learning_rate / 2,
        most=6_000,
        one_hot=True,
    )
    yield from comparison.compare(
        "layers",
        samples,
        comparison.ours(ARCHITECTURE, TRAINING, samples),
        others,
        machine.fully_connected(ARCHITECTURE, samples.pixels, 1),
        targets={"PyTorch": 12, "JAX": 2},
        repeats=size.repeats,
        note="784-128-64-10, tanh, quadratic loss, online",
    )
