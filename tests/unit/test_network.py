import pickle

import numpy as np
import pytest
from networks import make_network

from pnncore.errors import PnncoreError
from pnncore.initialisation import DISTRIBUTIONS
from pnncore.network import Architecture, Network


def test_weights_and_biases_are_views_of_one_vector() -> None:
    network = make_network(Architecture((5, 4, 3)))
    network.parameters[:] = np.arange(network.architecture.n_parameters)
    parts = [
        part.ravel() for pair in zip(network.weights, network.biases, strict=True) for part in pair
    ]
    np.testing.assert_array_equal(np.concatenate(parts), network.parameters)
    assert network.architecture.n_parameters == 5 * 4 + 4 + 4 * 3 + 3


def test_a_copy_and_a_pickle_stand_alone() -> None:
    network = make_network(Architecture((5, 4, 3), hidden_activation="elu", elu_alpha=0.3))
    inputs = np.random.default_rng(0).normal(size=(2, 5))
    for twin in (network.copy(), pickle.loads(pickle.dumps(network))):  # noqa: S301
        np.testing.assert_array_equal(twin.outputs(inputs), network.outputs(inputs))
        twin.weights[0][:] = 0
        assert network.weights[0].any()
        assert not twin.parameters[:20].any()


def test_cross_entropy_needs_probabilities() -> None:
    with pytest.raises(
        PnncoreError, match=r"output_activation.*softmax or sigmoid output, not relu"
    ):
        Architecture((5, 4, 3), output_activation="relu")


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_initial_weights_have_the_named_spread(name: str) -> None:
    fan_in, fan_out, scale = 400, 300, 0.07
    expected = {
        "he-normal": np.sqrt(2 / fan_in),
        "he-uniform": np.sqrt(2 / fan_in),
        "xavier-normal": np.sqrt(2 / (fan_in + fan_out)),
        "xavier-uniform": np.sqrt(2 / (fan_in + fan_out)),
        "normal": scale,
        "uniform": scale / np.sqrt(3),
    }[name]
    start = {"weights": name, "scale": scale, "biases": "zeros"}
    network = Network.random(Architecture((fan_in, fan_out)), start, np.random.default_rng(1))
    assert network.parameters.dtype == np.float32
    assert network.weights[0].std() == pytest.approx(expected, rel=0.02)
    assert abs(network.weights[0].mean()) < expected / 50
    assert not network.biases[0].any()


def test_biases_can_be_random() -> None:
    assert make_network(Architecture((5, 4, 3))).biases[1].all()
