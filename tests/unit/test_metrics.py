"""Metrics of epochs: what each measures, and where it has no value."""

from dataclasses import dataclass, replace
from typing import get_args, get_type_hints

import numpy as np
import pytest
from networks import make_network

from pnncore.kernels.listed import Listed
from pnncore.metrics.contract import EvaluatedEpoch, Evaluation
from pnncore.metrics.registry import METRICS, measure
from pnncore.network.architecture import Architecture
from pnncore.network.evaluation import Evaluator
from pnncore.strategies.contract import Snapshot
from pnncore.strategies.registry import STRATEGIES
from records.errors import InputError
from records.registry import Registry
from records.settings import Inputs
from records.study import Experiment, Paper
from records.variants import RunVariant
from workflow.strategies import metrics as described

OUTPUTS = np.array([[0.7, 0.2, 0.1], [0.4, 0.5, 0.1], [0.1, 0.3, 0.6]])
HALF_RIGHT, NONE_RIGHT = np.array([0, 0, 2], np.uint8), np.array([1, 2, 0], np.uint8)


@dataclass(frozen=True)
class Fixed:
    """A network whose outputs do not depend on its inputs."""

    parameters: np.ndarray
    values: np.ndarray

    @property
    def all_weights(self) -> np.ndarray:
        return self.parameters[:-1]

    def outputs(self, listed: Listed, coding: Inputs) -> np.ndarray:
        return self.values


def measured(labels: np.ndarray, **snapshot: object) -> dict[str, float]:
    samples = Evaluator.of(np.zeros((len(labels), 4), np.uint8), labels, "unit")
    network = Fixed(np.array([1.0, -3.0, 9.0]), OUTPUTS)
    state = Snapshot(**{"epoch": 1, "network": network, "loss": 0.5, **snapshot})  # type: ignore[arg-type]
    return measure(EvaluatedEpoch(state, Evaluation(samples, None, children=True)))


def test_the_merged_network_is_measured() -> None:
    expected = {
        "loss": 0.5,
        "test_accuracy": 2 / 3,
        "confidence_top": (0.7 + 0.5 + 0.6) / 3,
        "confidence_true_class": (0.7 + 0.4 + 0.6) / 3,
        "confidence_top_correct": (0.7 + 0.6) / 2,
        "confidence_spread": np.std([0.7, 0.5, 0.6]),
        "weight_magnitude": 2.0,
    }
    found = measured(HALF_RIGHT)
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_cut_labels_are_zero_whatever_the_class() -> None:
    """Only the first of the three samples has its largest output in the first place."""
    found = [measured(labels)["cut_label_accuracy"] for labels in (HALF_RIGHT, NONE_RIGHT)]
    assert found == pytest.approx([1 / 3, 1 / 3])


def test_equally_large_outputs_are_no_answer() -> None:
    outputs = np.array([[1.0, 1.0, 1.0], [0.2, 0.7, 0.7], [0.5, 0.5, 0.6], [0.1, 0.0, 0.0]])
    found = measured(np.zeros(4, np.uint8), network=Fixed(np.zeros(2), outputs))
    assert found["unanswered"] == 0.5
    # The first of the largest is taken: 0, 1, 2 and 0.
    assert found["test_accuracy"] == 0.5
    assert measured(HALF_RIGHT)["unanswered"] == 0


def test_confidence_of_no_hits_has_no_value() -> None:
    found = measured(NONE_RIGHT)
    assert found["test_accuracy"] == 0
    assert "confidence_top_correct" not in found


def test_an_epoch_without_a_merged_network_has_what_is_not_of_it() -> None:
    children = tuple(make_network(Architecture((4, 3)), seed) for seed in (1, 2))
    found = measured(HALF_RIGHT, network=None, children=children)
    assert {"loss", *(f"child_accuracy_{each}" for each in ("mean", "min", "max"))} <= found.keys()
    assert found.keys() <= {
        name for name, metric in METRICS.entries.items() if not metric.of_network
    }
    assert (
        found["child_accuracy_min"] <= found["child_accuracy_mean"] <= found["child_accuracy_max"]
    )


def test_a_strategy_adds_metrics_of_its_own() -> None:
    assert measured(HALF_RIGHT, metrics={"lost_share": 0.25})["lost_share"] == 0.25


@pytest.mark.parametrize("name", METRICS.entries)
def test_every_metric_is_described(name: str) -> None:
    words = METRICS.entries[name].presentation
    assert words.label
    assert words.summary.endswith(".")


def test_every_reading_of_confidence_is_measured() -> None:
    readings = get_args(get_type_hints(Paper)["confidence"])
    assert {f"confidence_{reading}" for reading in readings} <= METRICS.entries.keys()


@pytest.mark.parametrize("name", ["loss", "seconds", "confidence"])
def test_a_strategy_cannot_take_the_name_of_another_metric(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    sequential = STRATEGIES.named("sequential")
    words = METRICS.entries["loss"].presentation
    presentation = replace(sequential.presentation, metrics={name: words})
    found = replace(sequential, presentation=presentation)
    monkeypatch.setattr(Registry, "named", lambda registry, name: found)
    variant = RunVariant(title="One", strategy="sequential")
    experiment = Experiment(title="One", dataset="mnist", variants={"one": variant})
    with pytest.raises(InputError, match=rf"^sequential: .*{name!r}"):
        described([experiment])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1, np.zeros(2)], ids=str)
def test_what_is_no_finite_number_is_refused_by_the_metric_s_file(value: object) -> None:
    metric = replace(METRICS.entries["loss"], measure=lambda epoch: value)
    samples = Evaluator.of(np.zeros((3, 4), np.uint8), HALF_RIGHT, "unit")
    epoch = EvaluatedEpoch(Snapshot(1, None, 0.5), Evaluation(samples, None, children=False))
    with pytest.raises(InputError, match=r"^pnncore/metrics/loss\.py: "):
        metric.value(epoch)
