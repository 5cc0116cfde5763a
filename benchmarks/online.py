"""How fast is an epoch of online training, with an update per sample?

784-100-10, ELU with α = 0.5 and softmax, learning from the error y - t, with an elastic net of λ = 1e-7: the network of
Wiesinger & Schikuta. PyTorch gets the same error from softmax with cross-entropy, whose derivative it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import comparison, data, machine, peers
from benchmarks.facts import Fact
from benchmarks.size import Size
from pnncore.network.architecture import Architecture
from records.settings import Training

ARCHITECTURE = Architecture(
    (784, 100, 10), hidden_activation="elu", loss="quadratic", elu_alpha=0.5
)
# Equation 24, which PyTorch also uses: w moves by the rate times λ·(sgn(w) + w).
TRAINING = Training(
    learning_rate=0.01,
    batch_size=1,
    epochs=1,
    error="direct",
    elastic_net=1e-7,
    elastic_net_form="eq24",
)


def facts(size: Size) -> Iterator[Fact]:
    """Time the case."""
    samples = data.samples("mnist", size.samples)
    others = peers.pytorch(
        samples,
        lambda nn: nn.Sequential(nn.Linear(784, 100), nn.ELU(0.5), nn.Linear(100, 10)),
        lambda nn: nn.CrossEntropyLoss(),
        batch=1,
        rate=TRAINING.learning_rate,
        most=6_000,
        elastic_net=TRAINING.elastic_net,
    )
    yield from comparison.compare(
        "online",
        samples,
        comparison.ours(ARCHITECTURE, TRAINING, samples),
        others,
        machine.fully_connected(ARCHITECTURE, samples.pixels, 1),
        targets={"PyTorch": 30},
        repeats=size.repeats,
        note="784-100-10, ELU, softmax, error y - t (PyTorch: cross-entropy), elastic net, online",
    )
