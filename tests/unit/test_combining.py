"""Merge rules: what each makes of children, against other ways to compute it."""

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from conformance import make_task, parameters, run
from networks import make_network, make_training
from numpy.testing import assert_allclose, assert_array_equal

from pnncore.arrays import Floats
from pnncore.combining.aligned import reorder
from pnncore.combining.contract import Gathered, Merged, RuleState
from pnncore.combining.registry import RULES
from pnncore.combining.rounding import BLOCK, rounded
from pnncore.kernels.apart import weighted_sum
from pnncore.network.architecture import Architecture
from pnncore.network.network import Network
from pnncore.pool import pool
from pnncore.strategies.child import Child
from pnncore.strategies.merger import Merger
from pnncore.strategies.registry import STRATEGIES
from pnncore.task import warm_up
from records.combining import (
    Aligned,
    Blended,
    Elastic,
    GreedySoup,
    Mean,
    Median,
    Outer,
    RunningMean,
    Sum,
    Trimmed,
    Weighted,
    WeightedByAccuracy,
)
from records.errors import InputError
from records.optimisers import Adam, Momentum, Nesterov, Plain

ARCHITECTURE = Architecture((6, 4, 3, 2))
SETTINGS = [
    Mean(),
    Sum(),
    Weighted(),
    WeightedByAccuracy(),
    GreedySoup(),
    Median(),
    Trimmed(share=0.3),
    RunningMean(last=2),
    Outer(),
    Outer(optimiser=Adam(), rate=0.01),
    Elastic(),
    Blended(),
    Aligned(),
]


def children(count: int = 5, seed: int = 1, dtype: Any = np.float64) -> Floats:
    size = ARCHITECTURE.n_parameters
    found: Floats = np.random.default_rng(seed).normal(size=(count, size)).astype(dtype)
    return found


def merge(settings: Any, given: Floats, state: RuleState | None = None, **changes: Any) -> Merged:
    about = {
        "samples": np.arange(1, len(given) + 1),
        "start": np.zeros_like(given[0]),
    }
    gathered = Gathered(children=given, architecture=ARCHITECTURE, **(about | changes))
    return RULES.of(settings).merge(settings, gathered, state or {})


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda each: type(each).__name__)
class TestEveryRule:
    def test_is_pure(self, settings: Any) -> None:
        given = children()
        before = given.copy()
        first = merge(settings, given)
        state = {name: array.copy() for name, array in first.state.items()}
        once, again = (merge(settings, given, first.state) for _ in range(2))
        assert_array_equal(given, before)
        assert_array_equal(once.network, again.network)
        for name, array in first.state.items():
            assert_array_equal(array, state[name])

    def test_keeps_the_type(self, settings: Any) -> None:
        found = merge(settings, children(dtype=np.float32))
        assert found.network.dtype == np.float32
        assert all(each.dtype == np.float32 for each in found.children or ())

    def test_says_whether_one_child_is_its_own_network(self, settings: Any) -> None:
        alone = children(1)
        found = merge(settings, alone, start=alone[0] + 1)
        if RULES.of(settings).keeps_one:
            assert_array_equal(found.network, alone[0])

    def test_equal_children_that_stay_make_that_network(self, settings: Any) -> None:
        if isinstance(settings, Sum):
            pytest.skip("a sum of networks is larger")
        same = np.tile(children(1), (3, 1))
        assert_allclose(merge(settings, same, start=same[0]).network, same[0], atol=1e-12)

    def test_counts_operations(self, settings: Any) -> None:
        few, many = (RULES.of(settings).flops(count) for count in (2, 20))
        assert 0 < few < many


def test_every_rule_is_registered() -> None:
    assert {rule.settings for rule in RULES.entries.values()} == {type(each) for each in SETTINGS}


def test_simple_rules_equal_numpy_s() -> None:
    given = children()
    assert_allclose(merge(Mean(), given).network, given.mean(axis=0))
    assert_allclose(merge(Sum(), given).network, given.sum(axis=0))
    assert_allclose(merge(Median(), given).network, np.median(given, axis=0))
    weights = np.array([1, 2, 3, 4, 5])
    expected = np.average(given, axis=0, weights=weights)
    assert_allclose(merge(Weighted(), given, samples=weights).network, expected)


def test_networks_that_lie_apart_are_added_up_as_side_by_side() -> None:
    given = children(7, dtype=np.float32)
    apart = [each.copy() for each in given]
    assert_array_equal(merge(Mean(), apart).network, merge(Mean(), given).network)
    expected = given.sum(axis=0, dtype=np.float64).astype(np.float32)
    assert_array_equal(merge(Sum(), apart).network, expected)


@pytest.mark.parametrize("second", [np.ones(3), np.ones(4, np.float32), np.ones(8)[::2]])
def test_networks_of_another_kind_are_refused(second: Floats) -> None:
    with pytest.raises(ValueError, match="one length and type"):
        weighted_sum([np.ones(4), second], np.ones(2), 1)


def test_a_network_without_a_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="a weight each"):
        weighted_sum([np.ones(4), np.ones(4)], np.ones(1), 1)


def test_a_soup_is_of_children_that_do_not_make_it_worse() -> None:
    """Children are numbers, and the nearer their mean is to 1, the more accurate it is."""
    given = np.repeat([[0.0], [0.75], [1.5], [2.5]], ARCHITECTURE.n_parameters, axis=1)

    def accuracy(parameters: Floats) -> float:
        return 1 - abs(1 - float(parameters[0]))

    soup = merge(GreedySoup(), given, accuracy=accuracy)
    # 0.75 alone is 0.25 away; with 1.5 it is 1.125, nearer; with 0 or with 2.5, too, farther.
    assert_allclose(soup.network, 1.125)
    weights = [0, 0.75, 0.5, -0.5]
    mean = merge(WeightedByAccuracy(), given, accuracy=accuracy)
    assert_allclose(mean.network, np.average(given[:, 0], weights=weights))
    nothing = merge(WeightedByAccuracy(), given, accuracy=lambda parameters: 0.0)
    assert_allclose(nothing.network, given[:, 0].mean())


def test_samples_to_judge_on_are_not_trained_on() -> None:
    spmd = STRATEGIES.named("spmd")
    options = {"merge": "once", "combine": {"name": "greedy-soup", "judged": 16}}
    with pool("threading", 1) as one:
        whole = make_task(spmd, {}, 3, one)
    rest = {"pixels": whole.pixels[:30], "labels": whole.labels[:30]}
    judged = run(spmd, options, 3)[-1].children
    apart = run(spmd, {"merge": "once"}, 3, **rest)[-1].children
    for one_child, other in zip(judged, apart, strict=True):
        assert_array_equal(one_child.parameters, other.parameters)


def test_a_warm_up_has_samples_to_judge_on() -> None:
    spmd = STRATEGIES.named("spmd")
    with pool("threading", 1) as one:
        warm_up(spmd, make_task(spmd, {"combine": {"name": "greedy-soup", "judged": 30}}, 3, one))


def test_children_that_add_themselves_up_do_so_on_their_own_samples() -> None:
    """Each meets one multiple of its share: with samples kept apart it is of those that are left."""
    spmd = STRATEGIES.named("spmd")
    options = {"merge": "once", "combine": {"name": "weighted-by-accuracy", "judged": 16}}
    in_order = make_training(epochs=4, batch_size=5, shuffle=False)
    added, plain = (
        run(spmd, options | more, 3, training=in_order)[-1]
        for more in ({"merged_at": "multiples"}, {})
    )
    assert_allclose(added.network.parameters, plain.network.parameters, rtol=1e-5)


def test_children_without_samples_are_averaged() -> None:
    given = children()
    found = merge(Weighted(), given, samples=np.zeros(5, np.int64))
    assert_allclose(found.network, given.mean(axis=0))


def test_samples_to_judge_on_must_be_there() -> None:
    spmd = STRATEGIES.named("spmd")
    with pool("threading", 1) as one:
        task = make_task(spmd, {"combine": {"name": "greedy-soup", "judged": 46}}, 3, one)
    with pytest.raises(InputError, match=r"samples\.train: .* 47 samples"):
        spmd.check_samples(task)


def test_trimmed_means_equal_scipy_s() -> None:
    stats: Any = pytest.importorskip("scipy.stats")
    for count in (3, 5, 10):
        given = children(count)
        for share in (0, 0.1, 0.3, 0.49):
            expected = stats.trim_mean(given, share, axis=0)
            assert_allclose(merge(Trimmed(share=share), given).network, expected)


def test_a_running_mean_is_of_the_last_means() -> None:
    means, state = [], {}
    for seed in range(5):
        given = children(seed=seed)
        means.append(given.mean(axis=0))
        found = merge(RunningMean(last=3), given, state)
        state = found.state
        assert_allclose(found.network, np.mean(means[-3:], axis=0))
        assert found.children is not None
        assert_allclose(found.children, np.tile(means[-1], (5, 1)))


def test_an_outer_rate_of_one_is_the_mean() -> None:
    given, start = children(), children(1, seed=7)[0]
    settings = Outer(optimiser=Plain(), rate=1)
    assert_allclose(merge(settings, given, start=start).network, given.mean(axis=0))


@pytest.mark.parametrize(
    ("optimiser", "formula"),
    [
        (Momentum(momentum=0.8), lambda v, g: v),
        (Nesterov(momentum=0.8), lambda v, g: g + 0.8 * v),
    ],
)
def test_outer_momentum_remembers_changes(optimiser: Any, formula: Any) -> None:
    settings = Outer(optimiser=optimiser, rate=0.5)
    start, velocity, state = children(1, seed=7)[0], 0.0, {}
    for seed in range(4):
        given = children(seed=seed)
        found = merge(settings, given, state, start=start)
        change = start - given.mean(axis=0)
        velocity = 0.8 * velocity + change
        start = start - 0.5 * formula(velocity, change)
        assert_allclose(found.network, start)
        state = found.state


def test_elastic_children_and_centre_attract_each_other() -> None:
    """As Zhang, Choromanska & LeCun (2015) write it: with βt = n·α, attraction and reaction are equal."""
    given, centre = children(4), children(1, seed=7)[0]
    alpha = 0.1
    found = merge(Elastic(attraction=alpha, moving=4 * alpha), given, start=centre)
    assert found.children is not None
    moved = alpha * (given - centre)
    assert_allclose(found.children, given - moved)
    assert_allclose(found.network, centre + moved.sum(axis=0))


def test_blended_children_go_a_part_of_the_way() -> None:
    given = children()
    found = merge(Blended(share=0.25), given)
    assert found.children is not None
    assert_allclose(found.children, 0.75 * given + 0.25 * given.mean(axis=0))
    assert_allclose(found.network, given.mean(axis=0))


class TestAlignment:
    def test_networks_that_differ_by_order_alone_are_one(self) -> None:
        first = make_network(ARCHITECTURE, seed=3)
        other = first.copy()
        reorder(other, [np.array([2, 0, 3, 1]), np.array([1, 2, 0])])
        assert np.abs(other.parameters - first.parameters).max() > 0.1
        found = merge(Aligned(), np.stack([first.parameters, other.parameters]))
        assert_allclose(found.network, first.parameters)

    def test_an_order_changes_no_output(self) -> None:
        network = make_network(ARCHITECTURE, seed=3)
        other, values = network.copy(), np.random.default_rng(1).random((7, 6))
        reorder(other, [np.array([2, 0, 3, 1]), np.array([1, 2, 0])])
        assert_allclose(forward(network, values), forward(other, values))

    def test_one_hidden_layer_has_the_best_order_of_all(self) -> None:
        architecture = Architecture((5, 4, 3))
        first, other = (make_network(architecture, seed=seed) for seed in (3, 4))
        best = min(
            float(np.sum((first.parameters - ordered(other, order).parameters) ** 2))
            for order in permutations(range(4))
        )
        given = np.stack([first.parameters, other.parameters])
        about = Gathered(given, np.ones(2, np.int64), given[0], architecture)
        mean = RULES.of(Aligned()).merge(Aligned(), about, {}).network
        # The mean is half-way to the aligned network.
        assert float(np.sum((2 * (first.parameters - mean)) ** 2)) == pytest.approx(best)


def ordered(network: Any, order: tuple[int, ...]) -> Any:
    found = network.copy()
    reorder(found, [np.array(order)])
    return found


def forward(network: Any, values: Floats) -> Floats:
    for weights, biases in zip(network.weights, network.biases, strict=True):
        values = np.tanh(values @ weights + biases)
    return values


class TestEvery:
    """Merges after numbers of updates."""

    def test_updates_of_a_whole_epoch_are_an_epoch(self) -> None:
        spmd = STRATEGIES.named("spmd")
        by_epoch, by_updates = (
            parameters(run(spmd, {"every": every}, 3)) for every in (1, {"updates": 99})
        )
        assert_array_equal(by_epoch, by_updates)

    @pytest.mark.parametrize("updates", [1, 2, 3])
    def test_averaging_after_each_update_is_averaging_gradients(self, updates: int) -> None:
        """Children with the same number of samples whose means are taken at each update are one with larger batches."""
        spmd, sequential = STRATEGIES.named("spmd"), STRATEGIES.named("sequential")
        pixels = np.random.default_rng(3).integers(0, 256, (40, 30), dtype=np.uint8)
        labels = np.arange(40, dtype=np.uint8) % 4
        given = {"pixels": pixels, "labels": labels}
        training = make_training(epochs=4, batch_size=5, shuffle=False)
        options = {"every": {"updates": updates}, "slices": "contiguous"}
        merged = run(spmd, options, 2, training=training, **given)
        # The same samples in the order in which both children meet them.
        order = np.arange(40).reshape(2, 4, 5).transpose(1, 0, 2).ravel()
        whole = make_training(epochs=4, batch_size=10, shuffle=False)
        one = run(
            sequential, {}, 1, training=whole, pixels=pixels[order], labels=labels[order].copy()
        )
        apart = np.abs(merged[-1].network.parameters - one[-1].network.parameters).max()
        assert (apart < 1e-5) == (updates == 1)

    def test_a_merge_more_often_moves_more_bytes(self) -> None:
        spmd = STRATEGIES.named("spmd")
        trained = [run(spmd, {"every": each}, 3) for each in (1, {"updates": 2}, {"updates": 1})]
        moved = [snapshots[-1].metrics["megabytes_moved"] for snapshots in trained]
        assert moved[0] < moved[1] < moved[2]

    @pytest.mark.parametrize(
        "options",
        [
            {"merge": "once"},
            {"after_merge": "shadow"},
            {"every": 3},
            {"every": {"updates": 2}, "sent": "int8"},
            {"every": {"updates": 1}, "memories": "kept"},
        ],
        ids=str,
    )
    def test_bytes_that_were_moved_are_those_of_the_schedule(self, options: Any) -> None:
        spmd = STRATEGIES.named("spmd")
        training = make_training(epochs=4, batch_size=5, optimiser=Momentum())
        snapshots = run(spmd, options, 3, training=training)
        counted = [snapshot.metrics["megabytes_moved"] * 1e6 for snapshot in snapshots]
        assert counted[0] == 0
        assert counted == sorted(counted)
        assert counted[-1] == pytest.approx(
            schedule_bytes(spmd, training=training, **options), rel=1e-4
        )

    def test_children_that_miss_merges_move_fewer_bytes(self) -> None:
        spmd = STRATEGIES.named("spmd")
        all_there, some = (
            run(spmd, {"every": {"updates": 1}, "dropped": share}, 3)[-1] for share in (0, 0.5)
        )
        assert some.metrics["megabytes_moved"] < all_there.metrics["megabytes_moved"]


def schedule_bytes(strategy: Any, every: Any = 1, training: Any = None, **options: Any) -> int:
    changes = {"training": training} if training else {}
    with pool("threading", 1) as one:
        task = make_task(strategy, {"every": every, **options}, 3, one, **changes)
        return sum(each.times * each.bytes_moved for each in strategy.schedule(task).rounds)


class TestSending:
    """Merges of what arrives."""

    @pytest.mark.parametrize("size", [1, 2048, 5000])
    def test_rounded_changes_are_within_half_a_step(self, size: int) -> None:
        change = np.random.default_rng(1).normal(size=size).astype(np.float32)
        change[: size // 2] *= 1e-3
        assert_array_equal(rounded(change, "float32"), change)
        assert_allclose(rounded(change, "float16"), change, rtol=2**-11, atol=1e-7)
        for start in range(0, size, BLOCK):
            part = slice(start, start + BLOCK)
            step = np.abs(change[part]).max() / 127
            assert np.abs(rounded(change, "int8")[part] - change[part]).max() <= step * 0.501
        assert_array_equal(rounded(np.zeros(size, np.float32), "int8"), np.zeros(size))

    @pytest.mark.parametrize("sent", ["float16", "int8"])
    def test_what_rounding_keeps_back_comes_later(self, sent: str) -> None:
        """Of a small change again and again, nothing is lost in the end."""
        merger, network = make_merger(sent=sent)
        start = network.parameters.copy()
        step = np.random.default_rng(1).normal(size=len(start)).astype(np.float32) * 1e-3
        for _ in range(50):
            child = Network(network.architecture, network.parameters + step)
            network, _ = merger.merge([child, child], [1, 1], [Child(child), Child(child)])
        assert np.abs(network.parameters - start - 50 * step).max() < 3e-5

    def test_late_changes_arrive_with_the_next_merge(self) -> None:
        merger, network = make_merger(late=0.5)
        start, total = network.parameters.copy(), np.zeros(2)
        for _ in range(40):
            brought = [Network(network.architecture, network.parameters + 1) for _ in range(2)]
            network, _ = merger.merge(brought, [1, 1], [Child(each) for each in brought])
            total += 1
        waiting = merger.state()["late"]
        moved = (network.parameters - start)[0]
        assert 0 < len(np.unique(waiting)) <= 40
        # Merges of one child move by all that it brings, so that the mean of both is not kept; but none is lost.
        assert moved >= (total.sum() - waiting[:, 0].sum()) / 2 - 1e-3

    def test_a_dropped_child_changes_nothing(self) -> None:
        merger, network = make_merger(dropped=0.5)
        moves = []
        for _ in range(60):
            brought = [Network(network.architecture, network.parameters + k) for k in (1, 2)]
            before = network.parameters[0]
            network, going_on = merger.merge(brought, [1, 1], [Child(each) for each in brought])
            moves.append(round(float(network.parameters[0] - before), 3))
            assert all(child.network is network for child in going_on)
        assert set(moves) == {0, 1, 1.5, 2}  # none, the first, both, the second


def make_merger(**options: Any) -> tuple[Merger, Network]:
    """Return a merger of two children, and the network that they start from."""
    spmd = STRATEGIES.named("spmd")
    with pool("threading", 1) as one:
        task = make_task(spmd, options, 2, one)
    merger = Merger(task)
    return merger, merger.begin([task.start(), task.start()])
