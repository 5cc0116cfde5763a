"""The compiled training loops against their plain NumPy twin."""

from typing import Any, get_args

import numpy as np
import pytest
import twin
from draws import architectures, make_samples, repeated_trainings, trainings
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import structs
from networks import make_network, make_training

from pnncore.data import inputs
from pnncore.kernels.listed import list_pixels
from pnncore.kernels.samples import SAMPLES
from pnncore.network import sgd
from pnncore.network.architecture import Architecture
from pnncore.network.network import Network
from pnncore.network.sgd import Trained, check_training
from records.errors import InputError
from records.settings import Convolution, Inputs, Training


def train_epoch(
    network: Network, pixels: Any, labels: Any, order: Any, training: Training
) -> Trained:
    listed = list_pixels(pixels, training.inputs)
    labels.setflags(write=False)  # as those of datasets are, so that loops are compiled once
    return sgd.train_epoch(network, listed, labels, order, training)


def compare(architecture: Architecture, training: Training, samples: int, seed: int) -> None:
    network = make_network(architecture, seed=seed)
    other = network.copy()
    data = make_samples(np.random.default_rng(seed), samples, architecture.layers[0], 3)
    with np.errstate(over="ignore", invalid="ignore"):
        twin.train_epoch(other, *data, training)
    # Wrong signs and errors for activations can diverge; on the way there, any rounding becomes a difference.
    assume(np.abs(other.parameters).max() < 10)
    train_epoch(network, *data, training)
    np.testing.assert_allclose(network.parameters, other.parameters, rtol=1e-7, atol=1e-10)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(architectures(), trainings(), st.integers(1, 30), st.integers(0, 2**32 - 1))
def test_epoch_equals_its_plain_twin(
    architecture: Architecture, training: Training, samples: int, seed: int
) -> None:
    compare(architecture, training, samples, seed)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(architectures(convolved=True), trainings(), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_epoch_behind_a_convolution_equals_its_plain_twin(
    architecture: Architecture, training: Training, samples: int, seed: int
) -> None:
    compare(architecture, training, samples, seed)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(architectures(), repeated_trainings(), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_updates_in_a_row_equal_their_plain_twin(
    architecture: Architecture, training: Training, samples: int, seed: int
) -> None:
    """The twin reads and updates all weights each time."""
    compare(architecture, training, samples, seed)


def test_many_updates_in_a_row_with_the_settings_of_ott() -> None:
    architecture = Architecture((20, 12, 3), "sigmoid", "sigmoid", "quadratic", biases=False)
    training = make_training(
        learning_rate=0.001, batch_size=1, inputs="nonzero", repeats=512, repeat_momentum=0.9
    )
    network = make_network(architecture)
    other = network.copy()
    data = make_samples(np.random.default_rng(5), 20, 20, 3)
    train_epoch(network, *data, training)
    twin.train_epoch(other, *data, training)
    np.testing.assert_allclose(network.parameters, other.parameters, rtol=1e-9, atol=1e-12)


def test_updates_on_a_sample_end_below_a_loss() -> None:
    """At least one is made on each; once all samples are learnt, that one is enough."""
    architecture = Architecture((20, 12, 3), output_activation="sigmoid", loss="quadratic")
    pixels, labels, order = make_samples(np.random.default_rng(5), 20, 20, 3)
    counts = []
    for until in (0.0, 1e-2, 1e-1, 10.0):
        training = make_training(batch_size=1, repeats=64, repeat_until=until)
        network = make_network(architecture)
        other = network.copy()
        counts.append(train_epoch(network, pixels, labels, order, training).updates)
        made = twin.train_epoch(other, pixels, labels, order, training)
        assert counts[-1] * len(order) == made
        np.testing.assert_allclose(network.parameters, other.parameters, rtol=1e-9, atol=1e-12)
    assert counts[0] == 64
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) == 4
    assert counts[-1] == 1


def test_loss_of_several_updates_is_that_before_the_first() -> None:
    training = make_training(batch_size=1)
    data = make_samples(np.random.default_rng(0), 1, 20, 3)
    network = make_network(Architecture((20, 6, 3)))
    once = train_epoch(network.copy(), *data, training).loss
    again = structs.replace(training, repeats=20)
    assert train_epoch(network, *data, again).loss == pytest.approx(once)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"batch_size": 2}, "batch_size"),
        ({"elastic_net": 0.1}, "elastic_net"),
        ({"propagation": "reversed-sign"}, "propagation"),
    ],
)
def test_several_updates_are_refused_beside_what_they_cannot_compute(
    changes: dict[str, Any], key: str
) -> None:
    training = make_training(**{"batch_size": 1, "repeats": 4, **changes})
    with pytest.raises(
        InputError, match=rf"training.{key}: with 4 updates on each sample .* must be"
    ):
        check_training(training)


def test_batches_sorted_in_parts_equal_their_twin() -> None:
    network = make_network(Architecture((20, 6, 3)))
    other = network.copy()
    samples = 2 * SAMPLES + 17
    data = make_samples(np.random.default_rng(1), samples, 20, 3)
    training = make_training(batch_size=samples - 5, elastic_net=1e-3)
    train_epoch(network, *data, training)
    twin.train_epoch(other, *data, training)
    np.testing.assert_allclose(network.parameters, other.parameters, rtol=1e-9, atol=1e-12)


def test_weights_that_are_pulled_stop_at_zero() -> None:
    network = make_network(Architecture((20, 6, 3)))
    pixels, labels = np.zeros((10, 20), np.uint8), np.zeros(10, np.uint8)
    training = make_training(batch_size=1, elastic_net=4.0, elastic_net_form="eq21")
    train_epoch(network, pixels, labels, np.arange(10), training)
    assert (network.weights[0] == 0).all()


@pytest.mark.parametrize("biases", [False, True])
def test_biases_are_pulled_on_request_alone(biases: bool) -> None:
    """By outputs of 1 and 0 as they are wanted, without a gradient: only the elastic net moves anything."""
    network = make_network(Architecture((20, 6, 3), "identity", "identity", "quadratic"))
    for layer in network.weights:
        layer[...] = 0
    for layer in network.biases:
        layer[...] = [1.0] + [0.0] * (len(layer) - 1)
    pixels, labels = np.zeros((1, 20), np.uint8), np.zeros(1, np.uint8)
    settings = {"learning_rate": 0.1, "elastic_net": 0.5, "elastic_net_form": "eq19"}
    training = make_training(batch_size=1, elastic_net_biases=biases, **settings)
    train_epoch(network, pixels, labels, np.arange(1), training)
    for layer in network.biases:
        assert layer[0] == pytest.approx(1 - 0.1 * 0.5 * (1 + 2) if biases else 1)


def grown(pixels: np.ndarray, **settings: Any) -> Network:
    """Train one sample at a time with an elastic net that lets weights grow, from one weight of zero."""
    network = make_network(Architecture((20, 6, 3)))
    network.weights[0][3, 2] = 0
    order, labels = np.arange(len(pixels)), np.zeros(len(pixels), np.uint8)
    training = make_training(batch_size=1, elastic_net_direction="grow", **settings)
    train_epoch(network, pixels, labels, order, training)
    return network


def test_weights_that_grow_do_so_in_a_geometric_series_and_leave_zero_alone() -> None:
    start = make_network(Architecture((20, 6, 3))).weights[0]
    pixels = np.zeros((10, 20), np.uint8)
    found = grown(pixels, learning_rate=0.1, elastic_net=0.5, elastic_net_form="eq19").weights[0]
    expected = np.abs(start)
    for _ in range(10):
        expected = expected + 0.1 * 0.5 * (1 + 2 * expected)
    expected[3, 2] = 0
    np.testing.assert_allclose(found, np.sign(start) * expected, rtol=1e-12)


def test_growth_owed_is_growth_paid() -> None:
    """A pixel that returns after nine samples has grown as much as one whose growth was applied each time."""
    pixels = np.zeros((10, 20), np.uint8)
    pixels[-1, 5] = 255
    network = make_network(Architecture((20, 6, 3)))
    network.weights[0][3, 2] = 0
    settings = {"learning_rate": 0.1, "elastic_net": 0.01}
    training = make_training(batch_size=1, elastic_net_direction="grow", **settings)
    labels = np.zeros(10, np.uint8)
    twin.train_epoch(network, pixels, labels, np.arange(10), training)
    np.testing.assert_allclose(grown(pixels, **settings).parameters, network.parameters, rtol=1e-12)


def test_growth_has_no_bound() -> None:
    """Only a pull towards zero could go beyond it."""
    check_training(make_training(learning_rate=0.5, elastic_net=1.0, elastic_net_direction="grow"))


def test_a_pull_beyond_zero_is_refused() -> None:
    training = make_training(learning_rate=0.5, elastic_net=1.0)
    with pytest.raises(InputError, match=r"training.elastic_net: 1.0 .* below 1"):
        check_training(training)


def test_single_precision_agrees_with_double() -> None:
    data = make_samples(np.random.default_rng(0), 200, 784, 10)
    double = make_network(Architecture((784, 32, 10)))
    single = Network(double.architecture, double.parameters.astype(np.float32))
    for network in (double, single):
        train_epoch(network, *data, make_training(batch_size=50, elastic_net=1e-4))
    np.testing.assert_allclose(single.parameters, double.parameters, atol=1e-5)


def test_only_ordered_samples_are_seen() -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (20, 6), dtype=np.uint8)
    labels = rng.integers(0, 3, 20).astype(np.uint8)
    one = make_network(Architecture((6, 4, 3)))
    other = one.copy()
    train_epoch(one, pixels, labels, np.arange(10), make_training())
    pixels[10:] = 0
    train_epoch(other, pixels, labels, np.arange(10), make_training())
    np.testing.assert_array_equal(one.parameters, other.parameters)


def test_loss_is_the_mean_before_each_update() -> None:
    pixels = np.zeros((4, 6), np.uint8)
    labels = np.zeros(4, np.uint8)
    architecture = Architecture((6, 4, 3))
    network = Network(architecture, np.zeros(architecture.n_parameters))
    # All-zero parameters give each of the three classes one third; one batch, so before any update.
    loss = train_epoch(network, pixels, labels, np.arange(4), make_training(batch_size=4)).loss
    assert loss == pytest.approx(np.log(3))


@pytest.mark.parametrize("coding", get_args(Inputs))
def test_grey_value_zero_is_input_zero(coding: str) -> None:
    """The loops pass over pixels of value zero."""
    table: Any = inputs.make_table(coding, np.dtype(float))
    assert table.shape == (256,)
    assert table[0] == 0
    assert (np.diff(table) >= 0).all()
    assert table[255] > 0


@pytest.mark.parametrize("name", ["softmax", "sigmoid"])
def test_saturated_outputs_stay_finite(name: str) -> None:
    network = make_network(Architecture((20, 6, 3), output_activation=name))
    network.parameters *= 1e4
    data = make_samples(np.random.default_rng(0), 5, 20, 3)
    assert np.isfinite(train_epoch(network, *data, make_training()).loss)
    assert np.isfinite(network.parameters).all()
    assert np.isfinite(network.outputs(list_pixels(data[0], "unit"), "unit")).all()


class TestPeers:
    """The same training by what others use: an epoch in batches of 5, of which the last has 2 samples."""

    PIXELS, LABELS, _ = make_samples(np.random.default_rng(3), 37, 36, 4)
    TRAINING = make_training(batch_size=5)

    def train(self, network: Network) -> tuple[Network, float]:
        trained = network.copy()
        loss = train_epoch(trained, self.PIXELS, self.LABELS, np.arange(37), self.TRAINING).loss
        return trained, loss

    @pytest.mark.parametrize("hidden", [(7,), (7, 5)], ids=len)
    def test_scikit_learn(self, hidden: tuple[int, ...]) -> None:
        from sklearn.neural_network import MLPClassifier

        network = make_network(Architecture((36, *hidden, 4)))
        trained, loss = self.train(network)
        peer = MLPClassifier(
            hidden,
            activation="relu",
            solver="sgd",
            alpha=0,
            batch_size=5,
            learning_rate_init=self.TRAINING.learning_rate,
            momentum=0,
            shuffle=False,
        )
        values = self.PIXELS / 255
        # The first pass makes the arrays, which then get our numbers.
        peer.partial_fit(values, self.LABELS, classes=np.arange(4))
        theirs = [*peer.coefs_, *peer.intercepts_]
        for target, source in zip(theirs, [*network.weights, *network.biases], strict=True):
            target[...] = source
        peer.partial_fit(values, self.LABELS)
        for found, expected in zip([*trained.weights, *trained.biases], theirs, strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-10)
        assert loss == pytest.approx(peer.loss_)

    @pytest.mark.parametrize("convolution", [None, Convolution(3, 3, 2), Convolution(2, 2, 2)])
    def test_pytorch(self, convolution: Convolution | None) -> None:
        torch: Any = pytest.importorskip("torch")
        network = make_network(Architecture((36, 7, 4), convolution=convolution))
        trained, loss = self.train(network)
        parameters = [torch.tensor(part, requires_grad=True) for part in self.parts(network)]

        def outputs(values: Any) -> Any:
            filters, filter_biases, hidden, out, hidden_biases, out_biases = parameters
            if convolution is not None:
                images, filters = values.reshape(-1, 1, 6, 6), filters.permute(2, 0, 1)[:, None]
                sums = torch.nn.functional.conv2d(images, filters, filter_biases)
                cells = torch.nn.functional.max_pool2d(sums, convolution.pool).relu()
                values = cells.permute(0, 2, 3, 1).flatten(1)
            return (values @ hidden + hidden_biases).relu() @ out + out_biases

        optimiser = torch.optim.SGD(parameters, self.TRAINING.learning_rate)
        total = 0.0
        for first in range(0, 37, 5):
            values = torch.tensor(self.PIXELS[first : first + 5] / 255)
            labels = torch.tensor(self.LABELS[first : first + 5]).long()
            optimiser.zero_grad()
            error = torch.nn.functional.cross_entropy(outputs(values), labels)
            error.backward()
            optimiser.step()
            total += error.item() * len(labels)
        for found, expected in zip(self.parts(trained), parameters, strict=True):
            np.testing.assert_allclose(found, expected.detach(), rtol=1e-7, atol=1e-10)
        assert loss == pytest.approx(total / 37)

    @staticmethod
    def parts(network: Network) -> list[np.ndarray]:
        return [network.filters, network.filter_biases, *network.weights, *network.biases]
