"""Back-propagation against finite differences, for every activation and loss."""

import itertools
from typing import get_args

import numpy as np
import pytest
from networks import make_network
from twin import loss_at

from pnncore.data.inputs import make_table
from pnncore.kernels.listed import list_pixels
from pnncore.kernels.plan import LOSSES
from pnncore.network import activations
from pnncore.network.architecture import CROSS_ENTROPY_OUTPUTS, Architecture
from pnncore.network.network import Network
from pnncore.network.sgd import TARGETS, train_epoch
from records.settings import Convolution, Direction, Division, Training

CASES = [
    (hidden, output, loss)
    for hidden, output, loss in itertools.product(activations.NAMES, activations.NAMES, LOSSES)
    if loss == "quadratic" or output in CROSS_ENTROPY_OUTPUTS
]


def check(architecture: Architecture, **settings: str) -> None:
    """Compare one batch's update at rate 1 with the loss' finite differences."""
    network = make_network(architecture, seed=3)
    network.parameters *= 0.3  # far from where sigmoids saturate
    rng = np.random.default_rng(4)
    pixels = rng.integers(0, 256, (9, architecture.layers[0]), dtype=np.uint8)
    pixels[rng.random(pixels.shape) < 0.4] = 0
    labels = rng.integers(0, architecture.layers[-1], 9).astype(np.uint8)
    labels.setflags(write=False)  # as those of datasets are, so that loops are compiled once
    values = make_table("unit", np.dtype(float))[pixels]
    training = Training(1.0, len(labels), epochs=1, gradient="sum", **settings)
    low = TARGETS[training.targets]

    trained = network.copy()
    listed = list_pixels(pixels, training.inputs)
    loss = train_epoch(trained, listed, labels, np.arange(len(labels)), training).loss

    step = 1e-6
    numeric = np.zeros_like(network.parameters)
    parts = Network(architecture, np.arange(len(numeric)))
    learnt = set(np.concatenate([part.ravel() for part in parts.weights]).astype(int))
    for i in range(len(numeric)) if architecture.biases else learnt:
        up, down = network.parameters.copy(), network.parameters.copy()
        up[i] += step
        down[i] -= step
        numeric[i] = loss_at(architecture, up, values, labels, low)
        numeric[i] -= loss_at(architecture, down, values, labels, low)
    numeric /= 2 * step

    assert loss * len(labels) == pytest.approx(
        loss_at(architecture, network.parameters, values, labels, low)
    )
    gradient = network.parameters - trained.parameters
    np.testing.assert_allclose(gradient, numeric, rtol=1e-5, atol=1e-7)
    assert np.abs(numeric).max() > 1e-3  # or the comparison would say nothing


@pytest.mark.parametrize(("hidden", "output", "loss"), CASES)
def test_gradient_is_that_of_finite_differences(hidden: str, output: str, loss: str) -> None:
    check(Architecture((7, 6, 5, 4), hidden, output, loss, elu_alpha=0.5))


@pytest.mark.parametrize("division", get_args(Division))
def test_division_is_differentiated(division: str) -> None:
    check(Architecture((7, 6, 5, 4), "tanh", "softmax", "quadratic", division=division))


@pytest.mark.parametrize("division", get_args(Division))
def test_networks_without_biases_are_differentiated(division: str) -> None:
    """Their weights alone: the places of biases do not move."""
    check(Architecture((7, 6, 5, 4), "sigmoid", "sigmoid", division=division, biases=False))


def test_targets_of_minus_one_are_differentiated() -> None:
    check(Architecture((7, 6, 4), "tanh", "tanh", "quadratic"), targets="minus-one-one")


@pytest.mark.parametrize("hidden", ["relu", "elu", "selu", "tanh", "sigmoid", "identity"])
@pytest.mark.parametrize("layers", [(49, 4), (49, 6, 4)])
def test_convolutions_are_differentiated(hidden: str, layers: tuple[int, ...]) -> None:
    check(Architecture(layers, hidden, elu_alpha=0.5, convolution=Convolution(3, 2, 2)))


def test_elu_has_slope_one_at_zero() -> None:
    """Equation 4 of Wiesinger & Schikuta: a hidden sum of exactly zero sends its error on as it is."""
    architecture = Architecture((3, 2, 2), "elu", "identity", "quadratic", elu_alpha=0.5)
    network = make_network(architecture)
    network.weights[0][...] = 0
    network.biases[0][...] = 0
    trained = network.copy()
    pixels, labels = np.full((1, 3), 255, np.uint8), np.zeros(1, np.uint8)
    labels.setflags(write=False)
    training = Training(1.0, 1, epochs=1)
    listed = list_pixels(pixels, training.inputs)
    train_epoch(trained, listed, labels, np.arange(1), training)
    error = network.biases[1] - [1, 0]
    np.testing.assert_allclose(-trained.biases[0], network.weights[1] @ error)


@pytest.mark.parametrize("direction", ["descent", "ascent"])
def test_algorithms_of_olsen_et_al_are_followed_as_printed(direction: Direction) -> None:
    """Algorithms 1 to 4, line by line; their `mse_der` is target minus output, or output minus target."""
    architecture = Architecture((5, 4, 3, 2), "tanh", "tanh", "quadratic")
    network = make_network(architecture)
    pixels, label, rate = np.array([[0, 51, 255, 102, 204]], np.uint8), 1, 0.01
    training = Training(rate, 1, direction=direction, propagation="as-printed")
    trained = network.copy()
    labels = np.full(1, label, np.uint8)
    labels.setflags(write=False)
    train_epoch(trained, list_pixels(pixels, training.inputs), labels, np.arange(1), training)

    layers = [pixels[0] / 255]
    for weights, biases in zip(network.weights, network.biases, strict=True):
        layers.append(np.tanh(biases + layers[-1] @ weights))
    output, sign = layers[-1], 1 if direction == "ascent" else -1
    errors = [sign * (output - np.eye(2)[label]) * (1 - output**2)]
    for layer in (2, 1):
        error = np.zeros(len(layers[layer]))
        for k, above in enumerate(errors[0]):
            error -= above * network.weights[layer][:, k]
        errors.insert(0, error * (1 - layers[layer] ** 2))
    # Pixels have no errors: what they send is their value.
    for layer, (sent, error) in enumerate(zip([layers[0], *errors], errors, strict=False)):
        moved = trained.weights[layer] - network.weights[layer]
        np.testing.assert_allclose(moved, rate * np.outer(sent, error), atol=1e-14)
        np.testing.assert_allclose(trained.biases[layer] - network.biases[layer], rate * error)


def test_reversed_signs_and_doubled_derivatives_are_those_of_the_program() -> None:
    """What Olsen, West & Thomasma's program computes of one sample, from its description, weight by weight."""
    architecture = Architecture(
        (5, 4, 3, 2), "tanh", "tanh", "quadratic", activation_gradient="of-activated"
    )
    network = make_network(architecture)
    pixels, label = np.array([[0, 51, 255, 102, 204]], np.uint8), 1
    training = Training(0.01, 1, direction="ascent", propagation="reversed-sign")
    trained = network.copy()
    listed = list_pixels(pixels, training.inputs)
    labels = np.full(1, label, np.uint8)
    labels.setflags(write=False)
    train_epoch(trained, listed, labels, np.arange(1), training)

    values = [pixels[0] / 255]
    for weights, biases in zip(network.weights, network.biases, strict=True):
        values.append(np.tanh(values[-1] @ weights + biases))
    slopes = [1 - np.tanh(y) ** 2 for y in values]
    errors = [(values[-1] - np.eye(2)[label]) * slopes[-1]]
    for layer in (2, 1):
        above = network.weights[layer]
        errors.insert(
            0, -sum(above[:, k] * errors[0][k] for k in range(above.shape[1])) * slopes[layer]
        )
    for layer, error in enumerate(errors):
        moved = trained.weights[layer] - network.weights[layer]
        np.testing.assert_allclose(moved, 0.01 * np.outer(values[layer], error), atol=1e-14)
        np.testing.assert_allclose(trained.biases[layer] - network.biases[layer], 0.01 * error)
