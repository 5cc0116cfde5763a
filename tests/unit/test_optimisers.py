"""Optimisers: against dense NumPy twins, PyTorch and scikit-learn, and through interruptions and merges."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import twin
from conformance import make_task, parameters, run
from draws import make_samples
from msgspec import structs
from networks import make_network, make_training
from optimiser_twins import Twin

from pnncore.kernels.listed import list_pixels
from pnncore.network.architecture import Architecture
from pnncore.network.network import Network
from pnncore.network.sgd import check_training
from pnncore.optimisers.rates import rates
from pnncore.optimisers.registry import OPTIMISERS
from pnncore.pool import pool
from pnncore.strategies.contract import Resume
from pnncore.strategies.registry import STRATEGIES
from pnncore.task import optimiser_of
from records.errors import InputError
from records.optimisers import (
    Adam,
    BoldDriver,
    Constant,
    Cosine,
    Momentum,
    Nadam,
    Nesterov,
    Plain,
    RMSprop,
    Rprop,
    Stairs,
)
from records.settings import Convolution, Training
from records.settings import Network as NetworkSettings

SETTINGS = [
    Plain(),
    Momentum(momentum=0.8),
    Nesterov(momentum=0.8),
    RMSprop(decay=0.9, epsilon=1e-3),
    Adam(decay_mean=0.8, decay_square=0.95, epsilon=1e-3),
    Nadam(decay_mean=0.8, decay_square=0.95, epsilon=1e-3),
    Rprop(),
]
ARCHITECTURES = [
    Architecture((16, 5, 3)),
    Architecture((16, 5, 4, 3), biases=False),
    Architecture((16, 3)),
    Architecture((16, 5, 3), convolution=Convolution(2, 2, 1)),
]
SAMPLES, EPOCHS = 24, 3
TINY = 1e-30
"""An epsilon that is not felt: scikit-learn adds it before the square root's bias is corrected."""

USERS = [
    ("sequential", {}, 1),
    ("ensemble", {}, 3),
    ("spmd", {}, 3),
    ("spmd", {"memories": "kept", "every": 2}, 2),
    ("spmd", {"memories": "reset"}, 2),
    ("minibatch", {}, 3),
]


def training_with(settings: Any, **changes: Any) -> Training:
    size = SAMPLES if isinstance(settings, Rprop) else 5
    rate = 0.01 if isinstance(settings, Rprop | RMSprop | Adam | Nadam) else 0.1
    given = {"learning_rate": rate, "batch_size": size, "epochs": EPOCHS, **changes}
    return make_training(optimiser=settings, **given)


def data(seed: int = 1) -> tuple[Any, Any]:
    """Few pixels have ink in a batch, and some in none, so that steps are owed."""
    rng = np.random.default_rng(seed)
    pixels, labels, _ = make_samples(rng, SAMPLES, 16, 3)
    pixels[rng.random(pixels.shape) < 0.8] = 0
    labels.setflags(write=False)
    return pixels, labels


def train(network: Network, training: Training, pixels: Any, labels: Any) -> list[float]:
    optimiser = optimiser_of(training)
    assert optimiser is not None
    state, listed = optimiser.start(training, network.parameters), list_pixels(pixels, "unit")
    order, in_epoch = np.arange(SAMPLES), -(-SAMPLES // training.batch_size)
    return [
        optimiser.train(network, state, listed, labels, order, training, in_epoch).loss
        for _ in range(EPOCHS)
    ]


def gradient(network: Network, pixels: Any, labels: Any, training: Training) -> np.ndarray:
    """Return the gradient of a batch: what the twin's plain step of size 1 subtracts."""
    stepped = network.copy()
    plain = structs.replace(training, learning_rate=1.0, optimiser=None)
    twin.train_batch(stepped, pixels / 255, labels, plain)
    return network.parameters - stepped.parameters


def train_twin(network: Network, training: Training, pixels: Any, labels: Any) -> None:
    size, settings = training.batch_size, training.optimiser
    steps = Twin(settings, training.learning_rate, network.parameters)
    in_epoch = -(-SAMPLES // size)
    each = rates(training, 0, EPOCHS * in_epoch, in_epoch)
    for update, rate in enumerate(each):
        first = update % in_epoch * size
        batch = slice(first, first + size)
        slope = gradient(network, pixels[batch], labels[batch], training)
        network.parameters[:] -= steps.change(slope, rate)


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=str)
@pytest.mark.parametrize("size", [1, 5])
def test_steps_equal_those_of_a_dense_twin(
    settings: Any, architecture: Architecture, size: int
) -> None:
    training = training_with(settings)
    if not isinstance(settings, Rprop):
        training = structs.replace(training, batch_size=size)
    network, pixels_and_labels = make_network(architecture, seed=3), data()
    other = network.copy()
    train(network, training, *pixels_and_labels)
    train_twin(other, training, *pixels_and_labels)
    np.testing.assert_allclose(network.parameters, other.parameters, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda each: type(each).__name__)
def test_steps_equal_those_of_pytorch(settings: Any) -> None:
    torch: Any = pytest.importorskip("torch")
    training, (pixels, labels) = training_with(settings), data()
    network = make_network(ARCHITECTURES[0], seed=3)
    parameters = torch.tensor(network.parameters, requires_grad=True)
    peer = make_peer(torch.optim, settings, parameters, training.learning_rate)
    size = training.batch_size
    for _ in range(EPOCHS):
        for first in range(0, SAMPLES, size):
            at = Network(network.architecture, parameters.detach().numpy().copy())
            batch = slice(first, first + size)
            parameters.grad = torch.tensor(gradient(at, pixels[batch], labels[batch], training))
            peer.step()
    train(network, training, pixels, labels)
    np.testing.assert_allclose(network.parameters, parameters.detach(), rtol=1e-7, atol=1e-10)


def make_peer(optim: Any, settings: Any, parameters: Any, rate: float) -> Any:
    """Return PyTorch's optimiser with the same settings."""
    if isinstance(settings, Rprop):
        etas, sizes = (settings.decrease, settings.increase), (settings.least, settings.most)
        return optim.Rprop([parameters], rate, etas, sizes)
    if isinstance(settings, RMSprop):
        return optim.RMSprop([parameters], rate, settings.decay, settings.epsilon)
    if isinstance(settings, Adam | Nadam):
        betas = (settings.decay_mean, settings.decay_square)
        if isinstance(settings, Adam):
            return optim.Adam([parameters], rate, betas, settings.epsilon)
        return optim.NAdam(
            [parameters], rate, betas, settings.epsilon, momentum_decay=settings.momentum_decay
        )
    momentum = getattr(settings, "momentum", 0)
    return optim.SGD([parameters], rate, momentum, nesterov=isinstance(settings, Nesterov))


@pytest.mark.parametrize(
    "settings", [Momentum(), Nesterov(), Adam(epsilon=TINY)], ids=lambda each: type(each).__name__
)
def test_steps_equal_those_of_scikit_learn(settings: Any) -> None:
    peers: Any = pytest.importorskip("sklearn.neural_network")
    training, (pixels, labels) = training_with(settings), data()
    network = make_network(ARCHITECTURES[0], seed=3)
    adam = isinstance(settings, Adam)
    peer = peers.MLPClassifier(
        (5,),
        solver="adam" if adam else "sgd",
        alpha=0,
        batch_size=training.batch_size,
        learning_rate_init=training.learning_rate,
        momentum=getattr(settings, "momentum", 0.9),
        nesterovs_momentum=isinstance(settings, Nesterov),
        epsilon=TINY,
        shuffle=False,
    )
    values = pixels / 255
    # The first pass makes the arrays and the optimiser, of which a new one has no memory.
    peer.partial_fit(values, labels, classes=np.arange(3))
    theirs = [*peer.coefs_, *peer.intercepts_]
    for target, source in zip(theirs, [*network.weights, *network.biases], strict=True):
        target[...] = source
    del peer._optimizer
    for _ in range(EPOCHS):
        peer.partial_fit(values, labels)
    train(network, training, pixels, labels)
    for found, expected in zip([*network.weights, *network.biases], theirs, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-10)


def with_optimiser(settings: Any, epochs: int = 4) -> Training:
    """Return hyper-parameters for the samples of the conformance suite, a share of which fits into a batch of 46."""
    return training_with(
        settings, epochs=epochs, batch_size=46 if isinstance(settings, Rprop) else 5
    )


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize(("name", "options", "workers"), USERS)
class TestStrategies:
    """Strategies whose workers train with an optimiser."""

    def test_learn(self, settings: Any, name: str, options: dict[str, Any], workers: int) -> None:
        training = with_optimiser(settings, epochs=30)
        found = run(
            STRATEGIES.named(name), options, workers, training=training, checkpoints=(1, 30)
        )
        assert found[-1].loss < found[1].loss

    def test_go_on_from_any_epoch(
        self, settings: Any, name: str, options: dict[str, Any], workers: int
    ) -> None:
        strategy = STRATEGIES.named(name)
        with pool("threading", 1) as one:
            task = make_task(strategy, options, workers, one, training=with_optimiser(settings))
            whole, states = [], []
            for snapshot in strategy.train(task):
                whole.append(snapshot)
                states.append({name: array.copy() for name, array in snapshot.state().items()})
            for done in (1, 3):
                rest = list(strategy.train(replace(task, resume=Resume(done, states[done]))))
                np.testing.assert_array_equal(parameters(rest), parameters(whole[done + 1 :]))

    @pytest.mark.parametrize("backend", ["threading", "loky"])
    def test_are_the_same_on_several_processors(
        self, settings: Any, name: str, options: dict[str, Any], workers: int, backend: str
    ) -> None:
        training, strategy = with_optimiser(settings), STRATEGIES.named(name)
        expected = run(strategy, options, workers, training=training)
        with pool(backend, 2) as two:
            found = list(
                strategy.train(make_task(strategy, options, workers, two, training=training))
            )
        np.testing.assert_array_equal(parameters(found), parameters(expected))


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("memories", ["merged", "kept"])
def test_one_child_goes_on_as_one_network_would(settings: Any, memories: str) -> None:
    training = with_optimiser(settings)
    alone = run(STRATEGIES.named("sequential"), {}, 1, training=training)
    child = run(STRATEGIES.named("spmd"), {"memories": memories}, 1, training=training)
    np.testing.assert_array_equal(parameters(child), parameters(alone))


@pytest.mark.parametrize("schedule", [Constant(), Cosine()], ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("settings", SETTINGS, ids=lambda each: type(each).__name__)
def test_workers_of_a_batch_step_as_one_network_with_all_of_it_would(
    settings: Any, schedule: Any
) -> None:
    settings = structs.replace(settings, schedule=schedule)
    training = structs.replace(with_optimiser(settings), batch_size=3)
    whole = structs.replace(training, batch_size=12)
    if isinstance(settings, Rprop):
        training, whole = (structs.replace(each, batch_size=46) for each in (training, whole))
    alone = run(STRATEGIES.named("sequential"), {}, 1, training=whole)
    together = run(STRATEGIES.named("minibatch"), {}, 4, training=training)
    np.testing.assert_allclose(parameters(together), parameters(alone), rtol=1e-4, atol=1e-5)
    assert [each.loss for each in together[1:]] == pytest.approx(
        [each.loss for each in alone[1:]], rel=1e-4
    )


def test_memories_are_averaged_kept_or_emptied() -> None:
    """Velocities alone tell the three apart in the epoch after a merge: children start it from one network."""
    training, moved = with_optimiser(Momentum()), {}
    for memories in ("merged", "kept", "reset"):
        given = {"memories": memories, "start": "same"}
        found = run(STRATEGIES.named("spmd"), given, 3, training=training)
        states = found[1].state()
        moved[memories] = states["memories"]
    assert np.abs(moved["kept"] - moved["kept"][0]).max() > 0
    np.testing.assert_allclose(moved["merged"][0, 0], moved["kept"].mean(axis=0)[0], rtol=1e-5)
    assert not moved["reset"].any()


@pytest.mark.parametrize("epochs", [1, 3])
def test_children_that_add_themselves_up_train_with_their_optimiser(epochs: int) -> None:
    """Blocks of one size end with the samples after which their children add themselves."""
    training = structs.replace(with_optimiser(Momentum(), epochs), batch_size=1, shuffle=False)
    spmd, changes = STRATEGIES.named("spmd"), {"training": training, "checkpoints": (epochs,)}
    early, end = (
        run(spmd, {"merge": "once", "merged_at": at}, 2, **changes)[-1]
        for at in ("multiples", "end")
    )
    np.testing.assert_array_equal(early.network.parameters, end.network.parameters)
    assert early.loss == pytest.approx(end.loss)


def test_a_strategy_that_cannot_optimise_says_so() -> None:
    with pytest.raises(InputError, match=r"training\.optimiser: neuron"):
        STRATEGIES.named("neuron").check(NetworkSettings(), training_with(Momentum(), batch_size=1))


def test_every_optimiser_is_registered() -> None:
    assert {OPTIMISERS.named(name).settings for name in OPTIMISERS.entries} == {
        type(each) for each in SETTINGS
    }


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (Stairs(every=2, factor=0.1), [1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1]),
        (Cosine(floor=0.2), [0.2 + 0.4 * (1 + np.cos(np.pi * k / 8)) for k in range(8)]),
    ],
)
def test_rates_follow_their_schedule(schedule: Any, expected: list[float]) -> None:
    training = make_training(optimiser=Plain(schedule=schedule), learning_rate=2, epochs=4)
    np.testing.assert_allclose(rates(training, 0, 8, 2), 2 * np.array(expected))
    np.testing.assert_allclose(rates(training, 3, 2, 2), 2 * np.array(expected[3:5]))


def test_a_rate_warms_up() -> None:
    training = make_training(optimiser=Plain(warm_up=2), learning_rate=1, epochs=4)
    np.testing.assert_allclose(rates(training, 0, 6, 2), [0.25, 0.5, 0.75, 1, 1, 1])


def test_a_bold_driver_follows_the_loss() -> None:
    driver = BoldDriver(increase=2, decrease=0.25)
    training = training_with(Plain(schedule=driver), learning_rate=0.05)
    network, (pixels, labels) = make_network(ARCHITECTURES[0], seed=3), data()
    optimiser = optimiser_of(training)
    assert optimiser is not None
    state, listed = optimiser.start(training, network.parameters), list_pixels(pixels, "unit")
    losses, factors = [np.inf], [1.0]
    for _ in range(12):
        trained = optimiser.train(network, state, listed, labels, np.arange(SAMPLES), training, 5)
        losses.append(trained.loss)
        factors.append(state.factor)
    changes = np.divide(factors[1:], factors[:-1])
    assert list(changes) == [2 if fell else 0.25 for fell in np.diff(losses) < 0]
    assert {2, 0.25} == set(changes)


@pytest.mark.parametrize(
    "changes", [{"elastic_net": 1e-4}, {"propagation": "reversed-sign"}, {"repeats": 2}]
)
def test_settings_that_do_not_go_together_are_refused(changes: dict[str, Any]) -> None:
    (key,) = changes
    with pytest.raises(InputError, match=key):
        check_training(training_with(Momentum(), batch_size=1, **changes))
