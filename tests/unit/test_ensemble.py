"""Networks that never meet and decide together."""

import numpy as np
import pytest
from conformance import make_task, run
from msgspec import to_builtins
from networks import make_network, make_run, make_spec, make_training

from pnncore.data.dataset import Dataset, Split
from pnncore.kernels.listed import Listed, list_pixels
from pnncore.network.architecture import Architecture
from pnncore.network.network import Network
from pnncore.pool import pool
from pnncore.run import train
from pnncore.strategies.contract import Snapshot
from pnncore.strategies.ensemble import Ensemble
from pnncore.strategies.registry import STRATEGIES
from records.errors import InputError
from records.settings import Inputs

ENSEMBLE = STRATEGIES.named("ensemble")


def make_listed(samples: int, pixels: int) -> Listed:
    rng = np.random.default_rng(0)
    return list_pixels(rng.integers(0, 256, (samples, pixels), dtype=np.uint8), "unit")


def ensemble(workers: int = 3, **options: str) -> list[Snapshot]:
    return run(ENSEMBLE, ENSEMBLE.complete(options), workers)


class Constant(Network):
    """A network that says the same of every sample."""

    def __init__(self, *outputs: float) -> None:
        self.parameters = self.said = np.array(outputs, np.float32)

    def outputs(self, listed: Listed, coding: Inputs) -> np.ndarray:
        return np.tile(self.said, (listed.samples, 1))


def decide(combine: str, *members: Constant) -> np.ndarray:
    return Ensemble(members, combine).outputs(make_listed(1, 1), "unit")[0]


class TestDecisions:
    MEMBERS = (Constant(0.4, 0.3, 0.3), Constant(0.4, 0.3, 0.3), Constant(0.0, 0.9, 0.1))

    def test_the_mean_is_of_the_outputs(self) -> None:
        np.testing.assert_allclose(decide("mean", *self.MEMBERS), np.array([0.8, 1.5, 0.7]) / 3)

    def test_a_vote_is_of_the_largest_outputs(self) -> None:
        """Two lukewarm members outvote the sure one that decides the mean."""
        assert decide("mean", *self.MEMBERS).argmax() == 1
        shares = decide("vote", *self.MEMBERS)
        assert shares.argmax() == 0
        np.testing.assert_allclose(shares, [2 / 3, 1 / 3, 0], atol=1e-5)

    @pytest.mark.parametrize("more", [0.3, 0.01, 1e-6])
    def test_a_tie_goes_to_the_larger_mean(self, more: float) -> None:
        """However little larger it is."""
        for votes in ((0, 1), (1, 0), (0, 0, 1, 1, 2)):
            for winner in (0, 1):
                outputs = np.full((len(votes), 3), 0.2)
                outputs[np.arange(len(votes)), votes] = 0.6
                outputs[votes.index(winner), winner] += more
                assert decide("vote", *(Constant(*row) for row in outputs)).argmax() == winner

    def test_a_tie_of_many_breaks_no_majority(self) -> None:
        """A single vote of a thousand weighs more than all the means."""
        members = [Constant(0.51, 0.49)] * 501 + [Constant(0.0, 1.0)] * 499
        assert decide("mean", *members).argmax() == 1
        assert decide("vote", *members).argmax() == 0

    @pytest.mark.parametrize("combine", ["mean", "vote"])
    def test_one_member_decides_alone(self, combine: str) -> None:
        network = make_network(Architecture((7, 6, 4)), dtype=np.float32)
        seen = make_listed(50, 7), "unit"
        alone, together = network.outputs(*seen), Ensemble([network], combine).outputs(*seen)
        np.testing.assert_array_equal(together.argmax(axis=1), alone.argmax(axis=1))


class TestMembers:
    @pytest.mark.parametrize("combine", ["mean", "vote"])
    def test_they_never_meet(self, combine: str) -> None:
        """They are the child networks that spmd would have without a merge."""
        spmd = STRATEGIES.named("spmd")
        alone = spmd.complete({"after_merge": "shadow", "start": "independent"})
        for one, other in zip(ensemble(combine=combine), run(spmd, alone, 3), strict=True):
            assert one.loss == other.loss
            for member, child in zip(one.children, other.children, strict=True):
                np.testing.assert_array_equal(member.parameters, child.parameters)

    def test_they_start_apart_or_together(self) -> None:
        apart, together = (
            [child.parameters for child in ensemble(start=start)[0].children]
            for start in ("independent", "same")
        )
        assert len(np.unique(apart, axis=0)) == 3
        assert len(np.unique(together, axis=0)) == 1
        np.testing.assert_array_equal(apart[0], together[0])

    def test_each_sees_its_share_alone(self) -> None:
        pixels = np.random.default_rng(11).integers(0, 256, (46, 30), dtype=np.uint8)
        pixels[23:] = 255 - pixels[23:]
        options = ENSEMBLE.complete({})
        before, after = ensemble(2)[-1], run(ENSEMBLE, options, 2, pixels=pixels)[-1]
        same = [
            np.array_equal(one.parameters, other.parameters)
            for one, other in zip(before.children, after.children, strict=True)
        ]
        assert same == [True, False]

    def test_the_ensemble_is_all_of_them(self) -> None:
        last = ensemble()[-1]
        np.testing.assert_array_equal(
            last.network.parameters, np.concatenate([child.parameters for child in last.children])
        )


def test_shares_are_dealt_once() -> None:
    assert STRATEGIES.named("spmd").complete({"slices": "redrawn"})
    with pytest.raises(InputError, match="slices"):
        ENSEMBLE.complete({"slices": "redrawn"})


def test_a_row_of_the_record_has_the_accuracy_of_every_member() -> None:
    rng = np.random.default_rng(0)

    def split(samples: int) -> Split:
        labels = rng.integers(0, 10, samples).astype(np.uint8)
        images = np.zeros((samples, 1, 10), np.uint8)
        images[np.arange(samples), 0, labels] = 255
        return Split(images, labels)

    training = {**make_spec()["training"], "learning_rate": 1.0, "epochs": 30}
    spec = make_run(strategy="ensemble", workers=3, training=training, evaluate_every=30)
    with pool("threading", 1) as one:
        found = train(ENSEMBLE, spec, Dataset("tiny", 10, split(90), split(50)), one, print)
    record = to_builtins(found)
    first, last = record["epochs"]
    for row in (first, last):
        assert len(row["child_accuracies"]) == 3
        assert all(0 <= accuracy <= 1 for accuracy in row["child_accuracies"])
    assert len(set(first["child_accuracies"])) > 1  # they start apart
    assert last["metrics"]["test_accuracy"] == 1
    assert min(last["child_accuracies"]) > max(first["child_accuracies"])


def test_the_schedule_is_one_round_without_a_merge() -> None:
    with pool("threading", 1) as one:
        task = make_task(ENSEMBLE, ENSEMBLE.complete({}), 3, one, training=make_training(epochs=4))
    (only,) = ENSEMBLE.schedule(task).rounds
    assert (only.times, only.barriers, only.bytes_moved, only.serial) == (1, 1, 0, 0)
    assert only.dispatched == len(only.tasks)
