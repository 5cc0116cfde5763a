import pickle
from typing import Any

import numpy as np
import pytest
import twin as plain
from networks import HE, make_network

from pnncore.kernels.listed import list_pixels
from pnncore.network.architecture import Architecture
from pnncore.network.initialisation import DISTRIBUTIONS
from pnncore.network.network import Network
from records.errors import InputError
from records.settings import Convolution, Division, Initialisation
from records.settings import Network as Settings


def test_weights_and_biases_are_views_of_one_vector() -> None:
    network = make_network(Architecture((5, 4, 3)))
    network.parameters[:] = np.arange(network.architecture.n_parameters)
    (first, second), (b1, b2) = network.weights, network.biases
    # Pixel by pixel in the first layer, neuron by neuron in the others.
    parts = [first.ravel(), b1, second.T.ravel(), b2]
    np.testing.assert_array_equal(np.concatenate(parts), network.parameters)
    assert (first.shape, second.shape) == ((5, 4), (4, 3))
    assert network.architecture.n_parameters == 5 * 4 + 4 + 4 * 3 + 3


def test_a_convolution_comes_first_and_the_rest_is_stored_by_neuron() -> None:
    architecture = Architecture((36, 4, 3), convolution=Convolution(filters=2, size=3, pool=2))
    assert architecture.sizes == (2 * 2 * 2, 4, 3)
    network = make_network(architecture)
    network.parameters[:] = np.arange(architecture.n_parameters)
    parts = [network.filters.ravel(), network.filter_biases]
    for weights, biases in zip(network.weights, network.biases, strict=True):
        parts += [weights.T.ravel(), biases]
    np.testing.assert_array_equal(np.concatenate(parts), network.parameters)


def test_pooled_cells_are_the_largest_sums_of_their_squares() -> None:
    architecture = Architecture(
        (16, 1), "identity", "identity", "quadratic", convolution=Convolution(1, 1, 2)
    )
    network = Network(architecture, np.zeros(architecture.n_parameters))
    network.filters[:] = 1
    network.filter_biases[:] = 0.5
    network.weights[0][:, 0] = [1, 10, 100, 1000]
    image = np.array([[1, 2, 0, 0], [0, 0, 0, 3], [4, 0, 0, 0], [0, 0, 0, 0]], np.uint8)
    expected = 2.5 * 1 + 3.5 * 10 + 4.5 * 100 + 0.5 * 1000
    found = network.outputs(list_pixels(image.reshape(1, 16), "raw"), "raw")
    np.testing.assert_allclose(found, [[expected]])


@pytest.mark.parametrize(
    ("pixels", "changes", "key"),
    [
        (35, {}, "convolution"),
        (36, {"convolution": Convolution(2, 7, 2)}, "convolution"),
        (36, {"hidden_activation": "softmax"}, "hidden_activation"),
        (36, {"biases": False}, "biases"),
    ],
)
def test_convolutions_that_do_not_fit_are_refused(
    pixels: int, changes: dict[str, Any], key: str
) -> None:
    with pytest.raises(InputError, match=rf"^network\.{key}: "):
        Architecture((pixels, 3), **{"convolution": Convolution(2, 3, 2), **changes})


def test_a_copy_and_a_pickle_stand_alone() -> None:
    network = make_network(Architecture((5, 4, 3), hidden_activation="elu", elu_alpha=0.3))
    seen = list_pixels(np.random.default_rng(0).integers(0, 256, (2, 5), np.uint8), "unit"), "unit"
    for twin in (network.copy(), pickle.loads(pickle.dumps(network))):  # noqa: S301
        np.testing.assert_array_equal(twin.outputs(*seen), network.outputs(*seen))
        twin.weights[0][:] = 0
        assert network.weights[0].any()
        assert not twin.parameters[:20].any()


def test_cross_entropy_needs_probabilities() -> None:
    with pytest.raises(InputError, match=r"^network\.output_activation: .*softmax.*sigmoid"):
        Architecture((5, 4, 3), output_activation="relu")


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_initial_weights_have_the_named_spread(name: str) -> None:
    fan_in, fan_out, scale = 400, 300, 0.07
    expected = {
        "he-normal": np.sqrt(2 / fan_in),
        "he-uniform": np.sqrt(2 / fan_in),
        "lecun-normal": np.sqrt(1 / fan_in),
        "xavier-normal": np.sqrt(2 / (fan_in + fan_out)),
        "xavier-uniform": np.sqrt(2 / (fan_in + fan_out)),
        "normal": scale,
        "uniform": scale / np.sqrt(3),
        "positive-uniform": scale / np.sqrt(12),
        "signed-levels": scale * np.sqrt(4.5 / 12),
        "zeros": 0,
    }[name]
    start = Initialisation(weights=name, scale=scale, levels=4)
    network = Network.random(Architecture((fan_in, fan_out)), start, np.random.default_rng(1))
    assert network.parameters.dtype == np.float32
    assert network.weights[0].std() == pytest.approx(expected, rel=0.02)
    middle = scale / 2 if name == "positive-uniform" else 0
    assert abs(network.weights[0].mean() - middle) <= expected / 50
    assert not network.biases[0].any()


def test_signed_levels_are_as_frequent_as_a_level_and_a_sign_drawn_apart() -> None:
    start = Initialisation(weights="signed-levels", scale=(0.5, 0.09), levels=(5, 9))
    network = Network.random(Architecture((300, 200, 100)), start, np.random.default_rng(1))
    for weights, step, levels in zip(network.weights, (0.1, 0.01), (5, 9), strict=True):
        steps = weights / step
        np.testing.assert_allclose(steps, np.round(steps), atol=1e-5)
        found, counts = np.unique(np.round(steps), return_counts=True)
        np.testing.assert_array_equal(found, np.arange(-levels, levels + 1))
        shares = np.where(found == 0, 2, 1) / (2 * levels + 2)
        np.testing.assert_allclose(counts / weights.size, shares, rtol=0.1)


@pytest.mark.parametrize("convolution", [None, Convolution(2, 3, 2)])
def test_each_layer_may_have_a_scale_of_its_own(convolution: Convolution | None) -> None:
    scales = (0.1, 2.0, 30.0)
    hidden = () if convolution else (9,)
    architecture = Architecture((36, *hidden, 7, 3), convolution=convolution)
    start = Initialisation(weights="uniform", scale=scales)
    network = Network.random(architecture, start, np.random.default_rng(0))
    parts = [*([network.filters] if convolution else []), *network.weights]
    for weights, scale in zip(parts, scales, strict=True):
        assert 0.5 * scale < np.abs(weights).max() <= scale


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"scale": (0.1,)}, r"scale: expected one number, or 2 numbers, .* got 1"),
        ({"levels": (1, 2, 3)}, r"levels: expected one number, or 2 numbers, .* got 3"),
        ({"biases": "random"}, "biases: there are no biases to draw"),
    ],
    ids=str,
)
def test_an_initialisation_of_another_network_is_refused(
    changes: dict[str, Any], fault: str
) -> None:
    start = Initialisation(**changes)
    network = Settings(hidden=(4,), biases=False, initialisation=start)
    with pytest.raises(InputError, match=rf"^network\.initialisation\.{fault}"):
        Architecture.from_settings(network, 5, 3)


def test_networks_without_biases_have_zeros_in_their_places() -> None:
    architecture = Architecture((5, 4, 3), division="sending", biases=False)
    assert architecture.factors == (1 / 5, 1 / 4)
    network = Network.random(architecture, HE, np.random.default_rng(0))
    assert network.architecture.n_parameters == len(network.parameters) == 5 * 4 + 4 + 4 * 3 + 3
    assert not np.concatenate(network.biases).any()


def test_biases_can_be_random() -> None:
    assert make_network(Architecture((5, 4, 3))).biases[1].all()


@pytest.mark.parametrize("convolution", [None, Convolution(3, 3, 2), Convolution(2, 5, 3)])
def test_outputs_are_those_of_plain_numpy(convolution: Convolution | None) -> None:
    network = make_network(Architecture((144, 6, 4), convolution=convolution))
    pixels = np.random.default_rng(2).integers(0, 256, (9, 144), np.uint8)
    pixels[pixels < 150] = 0
    found = network.outputs(list_pixels(pixels, "unit"), "unit")
    np.testing.assert_allclose(found, plain.outputs(network, pixels / 255), atol=1e-12)


@pytest.mark.parametrize(
    ("division", "pixels", "sums"),
    [
        ("none", 1, (1, 1, 1)),
        ("layer", 1 / 8, (1 / 7, 1 / 6, 1)),
        ("every-layer", 1 / 8, (1 / 7, 1 / 6, 1 / 4)),
        ("sending", 1, (1 / 8, 1 / 7, 1 / 6)),
        ("receiving", 1, (1 / 7, 1 / 6, 1 / 4)),
    ],
)
def test_a_division_has_its_factors(
    division: Division, pixels: float, sums: tuple[float, ...]
) -> None:
    """A bias counts as a neuron of the layer that it comes from, which outputs do not have."""
    architecture = Architecture((7, 6, 5, 4), division=division)
    assert architecture.input_factor == pixels
    assert architecture.factors == sums


@pytest.mark.parametrize("convolution", [None, Convolution(3, 2, 2)])
def test_all_weights_are_all_parameters_but_biases(convolution: Convolution | None) -> None:
    network = make_network(Architecture((49, 6, 4), convolution=convolution))
    for biases in (network.filter_biases, *network.biases):
        biases[...] = 0
    assert network.all_weights.all()
    assert len(network.all_weights) == np.count_nonzero(network.parameters)
