"""Neurons divided among threads: to the last bit the network that one thread trains."""

from typing import Any

import numpy as np
import pytest
from conformance import make_task, run
from draws import architectures, trainings
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from networks import make_training

from pnncore.kernels.plan import PROPAGATIONS
from pnncore.network.architecture import Architecture
from pnncore.pool import pool
from pnncore.strategies.contract import Snapshot
from pnncore.strategies.registry import STRATEGIES
from records.errors import InputError
from records.settings import Convolution, Network, Training

NEURON = STRATEGIES.named("neuron")
REGIONS = ("persistent", "fork-join")
# The last three are more than the smaller layers have neurons.
THREADS = [1, 2, 3, 7, 16, 64]


def compare(threads: int, region: str = "persistent", **changes: Any) -> list[Snapshot]:
    changes = {"checkpoints": (1, 2), **changes}
    expected = run(STRATEGIES.named("sequential"), {}, 1, **changes)
    found = run(NEURON, {"region": region}, threads, jobs=threads, **changes)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one.network.parameters, other.network.parameters)
        np.testing.assert_equal(one.loss, other.loss)  # no numbers, too, where both diverge
    return found


def convolved(filters: int) -> dict[str, Any]:
    """Return images of 6 by 6 pixels, and a network whose filters have 4 by 4 places and 2 by 2 cells."""
    pixels = np.random.default_rng(2).integers(0, 256, (46, 36), dtype=np.uint8)
    return {
        "architecture": Architecture((36, 5, 4), "tanh", convolution=Convolution(filters, 3, 2)),
        "pixels": pixels * (pixels > 100),
    }


def learnt(snapshots: list[Snapshot]) -> bool:
    """Return whether training has changed the network: what never moves is equal for no good reason."""
    first, last = snapshots[0].network, snapshots[-1].network
    return not np.array_equal(last.parameters, first.parameters)


@pytest.mark.parametrize("threads", THREADS)
@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("hidden", [(9,), (9, 5), (6, 20, 3)], ids=len)
def test_threads_and_layers(threads: int, region: str, hidden: tuple[int, ...]) -> None:
    architecture = Architecture((30, *hidden, 4), "tanh", "tanh", "quadratic")
    training = make_training(batch_size=1, elastic_net=1e-3)
    assert learnt(compare(threads, region, architecture=architecture, training=training))


@pytest.mark.parametrize("propagation", PROPAGATIONS)
@pytest.mark.parametrize(
    ("hidden", "output", "loss"),
    [
        ("relu", "softmax", "cross-entropy"),
        ("tanh", "softmax", "quadratic"),
        ("softmax", "sigmoid", "quadratic"),
        ("elu", "identity", "quadratic"),
    ],
)
def test_propagations(propagation: str, hidden: str, output: str, loss: str) -> None:
    architecture = Architecture((30, 9, 5, 4), hidden, output, loss, elu_alpha=0.5)
    training = make_training(batch_size=1, propagation=propagation, learning_rate=0.02)
    for threads in (3, 16):
        assert learnt(compare(threads, architecture=architecture, training=training))


def test_the_printed_signs_and_derivatives_of_activations() -> None:
    """All that Olsen, West & Thomasma's program does otherwise, at the same time."""
    architecture = Architecture(
        (30, 9, 5, 4), "tanh", "tanh", "quadratic", activation_gradient="of-activated"
    )
    training = make_training(
        batch_size=1, shuffle=False, direction="ascent", propagation="reversed-sign"
    )
    for threads in (2, 3, 16):
        assert learnt(compare(threads, architecture=architecture, training=training))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    architectures(),
    trainings(),
    st.sampled_from([2, 3, 7]),
    st.sampled_from(REGIONS),
    st.integers(0, 2**16),
)
def test_any_network(
    architecture: Architecture, training: Training, threads: int, region: str, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    changes = {
        "architecture": architecture,
        "training": structs.replace(training, batch_size=1),
        "pixels": rng.integers(0, 256, (12, 20), dtype=np.uint8) * (rng.random((12, 20)) < 0.4),
        "labels": rng.integers(0, 3, 12).astype(np.uint8),
        "seed": seed,
    }
    compare(threads, region, **changes)


def test_fewer_threads_than_workers_change_no_bit() -> None:
    expected, *others = (
        run(NEURON, NEURON.complete({}), 7, jobs=jobs)[-1].network.parameters for jobs in (7, 1, 3)
    )
    for other in others:
        np.testing.assert_array_equal(other, expected)


@pytest.mark.parametrize("batch_size", [2, 50])
def test_batches_are_refused(batch_size: int) -> None:
    with pytest.raises(InputError, match=rf"^training\.batch_size: .*\b{batch_size}\b"):
        NEURON.check(Network(), make_training(batch_size=batch_size))


@pytest.mark.parametrize("filters", [1, 3, 16])
@pytest.mark.parametrize("propagation", PROPAGATIONS)
@pytest.mark.parametrize("region", REGIONS)
def test_convolutions(region: str, propagation: str, filters: int) -> None:
    """Threads divide filters, too, and some have none of them."""
    training = make_training(
        batch_size=1,
        propagation=propagation,
        learning_rate=0.02,
        elastic_net=1e-3,
        elastic_net_biases=filters == 3,
    )
    changes = {**convolved(filters), "training": training}
    for threads in (1, 2, 3, 7):
        assert learnt(compare(threads, region, **changes))


def test_a_convolution_has_three_phases_more() -> None:
    with pool("threading", 1) as one:
        task = make_task(NEURON, NEURON.complete({}), 2, one, **convolved(3))
    _, *rounds = NEURON.schedule(task).rounds
    # Filters, two layers; errors of outputs, of the hidden layer and of cells; filters, two layers.
    assert len(rounds) == 3 + 3 + 3
    # Of three filters, the slower of two threads has two: 9 products for each of 16 places, and for each of 4 cells.
    assert [max(rounds[phase].tasks) for phase in (0, 6)] == [2 * 2 * 9 * 16, 2 * 2 * 9 * 4]
    assert sum(sum(r.tasks) for r in rounds) == task.architecture.flops_per_sample
    assert sum(r.bytes_moved for r in rounds) == 2 * 4 * (4 * 3 + 5 + 4)
    assert rounds[0].pixels == 36


@pytest.mark.parametrize(("region", "joins"), [("persistent", 1), ("fork-join", 2)])
def test_the_schedule_has_a_barrier_or_two_for_every_phase_of_every_sample(
    region: str, joins: int
) -> None:
    with pool("threading", 1) as one:
        architecture = Architecture((30, 9, 5, 4))
        task = make_task(NEURON, {"region": region}, 4, one, architecture=architecture)
    start, *rounds = NEURON.schedule(task).rounds
    assert (start.started, start.tasks) == (4, ())
    # Three layers forward, three layers of errors, three updates.
    assert len(rounds) == 9
    assert {(r.times, r.barriers) for r in rounds} == {(46 * task.training.epochs, joins)}
    # The slowest of four threads has 3, 2 or 1 of a layer's neurons, each with a product for each of its weights.
    forward = [2 * 30 * 3, 2 * 9 * 2, 2 * 5 * 1]
    assert [max(r.tasks) for r in rounds] == [*forward, 0, 2 * 5 * 3, 2 * 4 * 2, *forward]
    assert sum(sum(r.tasks) for r in rounds) == architecture.flops_per_sample
    assert sum(r.bytes_moved for r in rounds) == 2 * 4 * (9 + 5 + 4)
    assert [r.pixels for r in rounds] == [30] + [0] * 8


def test_weights_that_are_updated_first_take_a_meeting_more_for_each_layer() -> None:
    with pool("threading", 1) as one:
        architecture = Architecture((30, 9, 5, 4))
        rounds = {
            propagation: NEURON.schedule(
                make_task(
                    NEURON,
                    {"region": "persistent"},
                    2,
                    one,
                    architecture=architecture,
                    training=make_training(batch_size=1, propagation=propagation),
                )
            ).rounds
            for propagation in ("exact", "updated-weights")
        }
    assert len(rounds["updated-weights"]) == len(rounds["exact"]) + 2
