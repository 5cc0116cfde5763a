"""Back-propagation against finite differences, for every activation and loss."""

import itertools

import numpy as np
import pytest
from networks import make_network

from pnncore import activations, losses
from pnncore.network import Architecture, Network
from pnncore.sgd import Workspace, batch_gradient

CASES = [
    (hidden, output, loss)
    for hidden, output, loss in itertools.product(
        activations.NAMES, activations.NAMES, losses.NAMES
    )
    if loss == "quadratic" or output in losses.CROSS_ENTROPY_OUTPUTS
]


@pytest.mark.parametrize(("hidden", "output", "loss"), CASES)
def test_gradient_is_that_of_finite_differences(hidden: str, output: str, loss: str) -> None:
    architecture = Architecture((7, 6, 5, 4), hidden, output, loss, elu_alpha=0.5)
    network = make_network(architecture, seed=3)
    rng = np.random.default_rng(4)
    inputs = rng.normal(scale=0.3, size=(9, 7))  # far from where sigmoids saturate
    labels = rng.integers(0, 4, 9).astype(np.uint8)

    def loss_at(parameters: np.ndarray) -> float:
        outputs = Network(architecture, parameters).outputs(inputs)
        return losses.total(loss, network.activations[-1], outputs, labels)

    work = Workspace(architecture, len(labels), np.float64)
    work.values[0][:] = inputs
    returned = batch_gradient(network, work, labels)

    step = 1e-6
    numeric = np.empty_like(network.parameters)
    for i in range(len(numeric)):
        up, down = network.parameters.copy(), network.parameters.copy()
        up[i] += step
        down[i] -= step
        numeric[i] = (loss_at(up) - loss_at(down)) / (2 * step)

    assert returned == pytest.approx(loss_at(network.parameters))
    np.testing.assert_allclose(work.gradient.parameters, numeric, rtol=1e-5, atol=1e-7)
    assert np.abs(numeric).max() > 1e-3  # or the comparison would say nothing


def test_elu_has_slope_one_at_zero() -> None:
    elu = activations.named("elu", 0.5)
    gradient = np.ones((1, 3))
    outputs = np.array([[-1.0, 0.0, 2.0]])
    elu.apply(outputs)
    elu.backward(outputs, gradient)
    np.testing.assert_allclose(gradient, [[0.5 * np.exp(-1), 1, 1]])


def test_softmax_and_sigmoid_survive_large_inputs() -> None:
    for name in ("softmax", "sigmoid"):
        outputs = np.array([[1e4, -1e4, 0.0]])
        activations.named(name).apply(outputs)
        assert np.isfinite(outputs).all()
