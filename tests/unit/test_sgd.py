"""The compiled training loops against their plain NumPy twin."""

from typing import Any

import numpy as np
import pytest
import twin
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import make_network, make_training

from pnncore import activations, inputs
from pnncore.errors import PnncoreError
from pnncore.kernels.plan import ERRORS, LOSSES, PROPAGATIONS
from pnncore.kernels.scratch import LISTED
from pnncore.network import (
    CROSS_ENTROPY_OUTPUTS,
    DIVISION_GRADIENTS,
    DIVISIONS,
    Architecture,
    Network,
)
from pnncore.sgd import ELASTIC_NETS, TARGETS, Training, train_epoch


def make_samples(rng: np.random.Generator, samples: int, pixels: int, classes: int) -> tuple:
    """Return images with as many zeros as handwritten digits have, labels and an order to visit them in."""
    images = rng.integers(1, 256, (samples, pixels), dtype=np.uint8)
    images[rng.random(images.shape) < 0.7] = 0
    return images, rng.integers(0, classes, samples).astype(np.uint8), rng.permutation(samples)


@st.composite
def architectures(draw: st.DrawFn) -> Architecture:
    loss, output = draw(
        st.sampled_from(
            [
                (loss, output)
                for loss in LOSSES
                for output in activations.NAMES
                if loss == "quadratic" or output in CROSS_ENTROPY_OUTPUTS
            ]
        )
    )
    return Architecture(
        (20, *draw(st.lists(st.integers(1, 12), max_size=3)), 3),
        hidden_activation=draw(st.sampled_from(activations.NAMES)),
        output_activation=output,
        loss=loss,
        elu_alpha=draw(st.floats(0.1, 2)),
        division=draw(st.sampled_from(DIVISIONS)),
        division_gradient=draw(st.sampled_from(DIVISION_GRADIENTS)),
    )


@st.composite
def trainings(draw: st.DrawFn) -> Training:
    return Training(
        learning_rate=draw(st.floats(0.001, 0.05)),
        batch_size=draw(st.integers(1, 35)),
        epochs=1,
        gradient=draw(st.sampled_from(["mean", "sum"])),
        inputs=draw(st.sampled_from(["unit", "binary"])),
        targets=draw(st.sampled_from(sorted(TARGETS))),
        error=draw(st.sampled_from(ERRORS)),
        elastic_net=draw(st.sampled_from([0.0, 1e-4, 0.1])),
        elastic_net_form=draw(st.sampled_from(sorted(ELASTIC_NETS))),
        propagation=draw(st.sampled_from(PROPAGATIONS)),
    )


@settings(max_examples=150, deadline=None)
@given(architectures(), trainings(), st.integers(1, 30), st.integers(0, 2**32 - 1))
def test_epoch_equals_its_plain_twin(
    architecture: Architecture, training: Training, samples: int, seed: int
) -> None:
    network = make_network(architecture, seed=seed)
    other = network.copy()
    data = make_samples(np.random.default_rng(seed), samples, 20, 3)
    train_epoch(network, *data, training)
    twin.train_epoch(other, *data, training)
    np.testing.assert_allclose(network.parameters, other.parameters, rtol=1e-7, atol=1e-10)


def test_batches_larger_than_the_lists_equal_their_twin() -> None:
    network = make_network(Architecture((20, 6, 3)))
    other = network.copy()
    samples = 2 * LISTED + 17
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


def test_a_pull_beyond_zero_is_refused() -> None:
    training = make_training(learning_rate=0.5, elastic_net=1.0)
    with pytest.raises(PnncoreError, match=r"training.elastic_net: 1.0 .* below 1"):
        training.check()


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
    loss = train_epoch(network, pixels, labels, np.arange(4), make_training(batch_size=4))
    assert loss == pytest.approx(np.log(3))


@pytest.mark.parametrize("coding", inputs.NAMES)
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
    assert np.isfinite(train_epoch(network, *data, make_training()))
    assert np.isfinite(network.parameters).all()
    assert np.isfinite(network.outputs(data[0] / 255)).all()
