import numpy as np
import pytest
import twin as plain
from networks import make_network

from pnncore.network.architecture import Architecture
from pnncore.network.evaluation import Evaluator, accuracy
from pnncore.network.network import Network

OUTPUTS = np.array([[0.7, 0.2, 0.1], [0.4, 0.5, 0.1], [0.1, 0.3, 0.6]])
LABELS = np.array([0, 0, 2], np.uint8)


def test_accuracy_counts_hits() -> None:
    assert accuracy(OUTPUTS, LABELS) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("coding", "expected"),
    [("unit", [0, 127 / 255, 128 / 255, 1]), ("binary", [0, 0, 1, 1]), ("raw", [0, 127, 128, 255])],
)
def test_codings_of_pixels(coding: str, expected: list[float]) -> None:
    pixels = np.array([[0, 127, 128, 255]], np.uint8)
    network = Network(Architecture((4, 4), "identity", "identity", "quadratic"), np.zeros(20))
    network.weights[0][...] = np.eye(4)
    found = Evaluator.of(pixels, np.zeros(1, np.uint8), coding).outputs(network)
    np.testing.assert_allclose(found, [expected], rtol=1e-6)


def test_accuracy_is_of_the_samples() -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (50, 6), dtype=np.uint8)
    labels = rng.integers(0, 3, 50).astype(np.uint8)
    network = make_network(Architecture((6, 4, 3)))
    expected = accuracy(plain.outputs(network, pixels / 255), labels)
    assert 0 < expected < 1
    assert Evaluator.of(pixels, labels, "unit").accuracy(network) == expected
