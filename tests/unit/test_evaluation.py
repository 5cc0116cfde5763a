import numpy as np
import pytest
from networks import make_network

from pnncore.network import evaluation
from pnncore.network.architecture import Architecture
from pnncore.network.evaluation import Evaluator, accuracy

OUTPUTS = np.array([[0.7, 0.2, 0.1], [0.4, 0.5, 0.1], [0.1, 0.3, 0.6]])
LABELS = np.array([0, 0, 2], np.uint8)


def test_accuracy_counts_hits() -> None:
    assert accuracy(OUTPUTS, LABELS) == pytest.approx(2 / 3)


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (50, 6), dtype=np.uint8)
    evaluator = Evaluator.of(pixels, np.zeros(50, np.uint8), "unit")
    network = make_network(Architecture((6, 4, 3)))
    whole = evaluator.outputs(network)
    monkeypatch.setattr(evaluation, "CHUNK", 7)
    np.testing.assert_allclose(evaluator.outputs(network), whole)


@pytest.mark.parametrize(
    ("coding", "expected"),
    [("unit", [0, 127 / 255, 128 / 255, 1]), ("binary", [0, 0, 1, 1]), ("raw", [0, 127, 128, 255])],
)
def test_codings_of_pixels(coding: str, expected: list[float]) -> None:
    pixels = np.array([[0, 127, 128, 255]], np.uint8)
    evaluator = Evaluator.of(pixels, np.zeros(1, np.uint8), coding)
    np.testing.assert_allclose(evaluator.values, [expected], rtol=1e-6)


def test_parts_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (50, 6), dtype=np.uint8)
    labels = rng.integers(0, 3, 50).astype(np.uint8)
    network = make_network(Architecture((6, 4, 3)))
    whole = Evaluator.of(pixels, labels, "unit").accuracy(network)
    monkeypatch.setattr(evaluation, "PART", 7)
    assert evaluation.accuracy_in_parts(network, pixels, labels, "unit") == pytest.approx(whole)
