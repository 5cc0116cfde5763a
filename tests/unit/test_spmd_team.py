"""Children that a team trains and merges in compiled loops are those that the rule merges, bit for bit."""

from typing import Any

import numpy as np
import pytest
from conformance import run
from msgspec import convert, to_builtins
from networks import make_training

from pnncore.strategies import spmd
from pnncore.strategies.contract import Snapshot
from pnncore.strategies.registry import STRATEGIES
from pnncore.strategies.spmd_team import train_in_team
from records.settings import Training

SPMD = STRATEGIES.named("spmd")

TRAININGS: dict[str, dict[str, Any]] = {
    "gradient descent": {},
    "elastic net": {"elastic_net": 0.01},
    "plain, a rate that falls": {"optimiser": {"name": "plain", "schedule": {"name": "cosine"}}},
    "plain, a bold driver": {"optimiser": {"name": "plain", "schedule": {"name": "bold-driver"}}},
    "velocity": {"optimiser": {"name": "nesterov", "schedule": {"name": "cosine"}}},
    "moments": {"optimiser": {"name": "nadam"}},
}

RULES: dict[str, dict[str, Any]] = {
    "mean": {"name": "mean"},
    "outer momentum": {"name": "outer", "optimiser": {"name": "momentum", "momentum": 0.5}},
    "outer Adam": {"name": "outer", "optimiser": {"name": "adam"}, "rate": 0.01},
}


def trained(
    training: str, rule: str, workers: int, jobs: int = 1, updates: int = 2, **more: Any
) -> list[Snapshot]:
    options = {"combine": RULES[rule], "every": {"updates": updates}, **more}
    usual = to_builtins(make_training(epochs=4, batch_size=5))
    settings = convert(usual | TRAININGS[training], Training)
    return run(SPMD, SPMD.complete(options), workers, jobs, training=settings)


def same(some: list[Snapshot], others: list[Snapshot]) -> None:
    for one, other in zip(some, others, strict=True):
        assert one.epoch == other.epoch
        assert one.metrics == other.metrics
        assert (one.loss or 0) == pytest.approx(other.loss or 0, rel=1e-12)
        assert one.network is not None
        assert other.network is not None
        np.testing.assert_array_equal(one.network.parameters, other.network.parameters)
    mine, theirs = some[-1].state(), others[-1].state()
    assert mine.keys() == theirs.keys()
    for name, array in mine.items():
        np.testing.assert_array_equal(array, theirs[name], err_msg=name)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the epochs that teams train."""
    epochs: list[int] = []

    def counting(task: Any, merger: Any, children: Any, epoch: int) -> Any:
        epochs.append(epoch)
        return train_in_team(task, merger, children, epoch)

    monkeypatch.setattr(spmd, "train_in_team", counting)
    return epochs


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("training", TRAININGS)
@pytest.mark.parametrize("workers", [1, 3, 7])
def test_a_team_makes_the_networks_of_the_rule(
    training: str, rule: str, workers: int, counted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_threads = [trained(training, rule, workers, jobs) for jobs in (1, 2, workers)]
    assert counted == [1, 2, 3, 4] * 3
    monkeypatch.setattr(spmd, "in_team", lambda task: False)
    alone = trained(training, rule, workers)
    assert len(counted) == 12
    for each in in_threads:
        same(each, alone)


@pytest.mark.parametrize(
    "options", [{"start": "independent"}, {"slices": "redrawn"}, {"slices": {"labels": 2}}]
)
def test_children_may_start_apart_and_have_any_slices(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    team = trained("velocity", "outer momentum", 3, **options)
    monkeypatch.setattr(spmd, "in_team", lambda task: False)
    same(team, trained("velocity", "outer momentum", 3, **options))
