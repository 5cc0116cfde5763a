"""The training kernel against a plain NumPy twin that a reader can check by eye."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import make_network, make_training

from pnncore.network import Architecture, Network
from pnncore.sgd import train_epoch


def plain_epoch(network: Network, pixels, labels, order, rate, batch_size, mean) -> None:
    """One epoch of ReLU, softmax and cross-entropy, one hidden layer, as a textbook writes it."""
    (w1, w2), (b1, b2) = network.weights, network.biases
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        x = pixels[batch] / 255
        targets = np.eye(w2.shape[1])[labels[batch]]
        hidden = np.maximum(x @ w1 + b1, 0)
        z = hidden @ w2 + b2
        y = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        output_delta = y - targets
        hidden_delta = (output_delta @ w2.T) * (hidden > 0)
        step = rate / len(batch) if mean else rate
        w2 -= step * hidden.T @ output_delta
        b2 -= step * output_delta.sum(axis=0)
        w1 -= step * x.T @ hidden_delta
        b1 -= step * hidden_delta.sum(axis=0)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 12),
    st.integers(1, 30),
    st.integers(1, 35),
    st.sampled_from(["mean", "sum"]),
    st.integers(0, 2**32 - 1),
)
def test_epoch_equals_its_plain_twin(
    hidden: int, samples: int, batch_size: int, gradient: str, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (samples, 20), dtype=np.uint8)
    labels = rng.integers(0, 3, samples).astype(np.uint8)
    order = rng.permutation(samples)
    network = make_network(Architecture((20, hidden, 3)), seed=seed)
    twin = network.copy()
    training = make_training(learning_rate=0.05, batch_size=batch_size, gradient=gradient)

    train_epoch(network, pixels, labels, order, training)
    plain_epoch(twin, pixels, labels, order, 0.05, batch_size, gradient == "mean")

    np.testing.assert_allclose(network.parameters, twin.parameters, rtol=1e-9, atol=1e-12)


def test_single_precision_agrees_with_double() -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (200, 784), dtype=np.uint8)
    labels = rng.integers(0, 10, 200).astype(np.uint8)
    double = make_network(Architecture((784, 32, 10)))
    single = Network(double.architecture, double.parameters.astype(np.float32))
    for network in (double, single):
        train_epoch(network, pixels, labels, np.arange(200), make_training(batch_size=50))
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
    loss = train_epoch(network, pixels, labels, np.arange(4), make_training(batch_size=4))
    assert loss == pytest.approx(np.log(3))
