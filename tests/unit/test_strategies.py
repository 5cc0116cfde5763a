"""What every strategy must do: the conformance suite. A new strategy joins through the registry alone."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from networks import HE, make_training

from pnncore.errors import PnncoreError
from pnncore.network import Architecture, Network
from pnncore.pool import Pool, pool
from pnncore.run import is_finite
from pnncore.strategies.contract import Options, Snapshot, Strategy, Task
from pnncore.strategies.registry import MODULES, named
from pnncore.strategies.spmd import combine

STRATEGIES = [named(name) for name in MODULES]


def options_of(strategy: Strategy) -> list[dict[str, str | int]]:
    """Return the defaults, then each other value of each option, one at a time."""
    defaults = strategy.complete({})
    others = [
        {**defaults, option: value}
        for option, values in strategy.options.items()
        for value in (values[1:2] if isinstance(values, range) else values[1:])
    ]
    return [defaults, *others]


def learns(options: Options) -> bool:
    """Whether a variant gets better with any number of workers: sums of weights, for one, need not."""
    return not (
        options.get("combine") == "sum"
        or options.get("biases") == "kept"
        or options.get("clear") == "no"
        or options.get("buffers") == "shared"
    )


def is_sequential(options: Options) -> bool:
    """Whether with one worker a variant is the sequential network."""
    changed = {("biases", "kept"), ("clear", "no"), ("last", "dropped")}
    return not changed & set(options.items())


def can_have(strategy: Strategy, workers: int) -> bool:
    return strategy.most_workers is None or workers <= strategy.most_workers


VARIANTS = [
    pytest.param(strategy, options, id="-".join([strategy.name, *map(str, options.values())]))
    for strategy in STRATEGIES
    for options in options_of(strategy)
]
CASES = [
    pytest.param(*variant.values, workers, id=f"{variant.id}-w{workers}")
    for variant in VARIANTS
    for workers in (1, 2, 3, 7)
    if can_have(variant.values[0], workers)
]


def make_task(
    strategy: Strategy, options: Options, workers: int, workers_pool: Pool, **changes: Any
) -> Task:
    rng = np.random.default_rng(11)
    settings: dict[str, Any] = {
        "architecture": Architecture((30, 8, 4)),
        "initialisation": HE,
        "pixels": rng.integers(0, 256, (46, 30), dtype=np.uint8),
        "labels": rng.integers(0, 4, 46).astype(np.uint8),
        "training": make_training(epochs=4, batch_size=1 if strategy.online else 5),
        "workers": workers,
        "options": options,
        "seed": 1,
        "checkpoints": (1, 2, 3, 4),
        "pool": workers_pool,
    }
    if strategy.online and "training" in changes:
        changes["training"] = replace(changes["training"], batch_size=1)
    return Task(**{**settings, **changes})


def run(strategy: Strategy, options: Options, workers: int, **changes: Any) -> list[Snapshot]:
    """Run a strategy on made-up data, one worker after another unless it is about their race."""
    with pool("threading", workers if strategy.races(options) else 1) as some:
        return list(strategy.train(make_task(strategy, options, workers, some, **changes)))


def parameters(snapshots: list[Snapshot]) -> list[np.ndarray]:
    return [snapshot.network.parameters for snapshot in snapshots if snapshot.network]


@pytest.mark.parametrize(("strategy", "options", "workers"), CASES)
class TestConformance:
    def test_yields_the_start_and_each_checkpoint(
        self, strategy: Strategy, options: Options, workers: int
    ) -> None:
        snapshots = run(strategy, options, workers, checkpoints=(2, 4))
        assert [snapshot.epoch for snapshot in snapshots] == [0, 2, 4]
        assert snapshots[0].loss is None
        assert all(is_finite(snapshot) for snapshot in snapshots)
        assert snapshots[-1].network is not None
        assert not np.array_equal(snapshots[-1].network.parameters, snapshots[0].network.parameters)

    def test_learns(self, strategy: Strategy, options: Options, workers: int) -> None:
        if not learns(options):
            pytest.skip("nothing says that this variant gets better")
        snapshots = run(
            strategy, options, workers, training=make_training(epochs=30), checkpoints=(1, 30)
        )
        assert snapshots[-1].loss < snapshots[1].loss

    def test_same_seed_same_numbers(
        self, strategy: Strategy, options: Options, workers: int
    ) -> None:
        if strategy.races(options) and workers > 1:
            pytest.skip("its numbers depend on which thread comes first")
        once, again = (parameters(run(strategy, options, workers)) for _ in range(2))
        np.testing.assert_array_equal(once, again)
        other = parameters(run(strategy, options, workers, seed=2))
        assert not np.array_equal(once[-1], other[-1])

    def test_checkpoints_change_nothing(
        self, strategy: Strategy, options: Options, workers: int
    ) -> None:
        if strategy.races(options) and workers > 1:
            pytest.skip("its numbers depend on which thread comes first")
        often = run(strategy, options, workers)[-1]
        rarely = run(strategy, options, workers, checkpoints=(4,))[-1]
        np.testing.assert_array_equal(often.network.parameters, rarely.network.parameters)

    def test_schedule_accounts_for_every_sample(
        self, strategy: Strategy, options: Options, workers: int
    ) -> None:
        with pool("threading", 1) as one:
            task = make_task(strategy, options, workers, one)
            schedule = strategy.schedule(task)
        epochs, samples = task.training.epochs, len(task.labels)
        if options.get("last") == "dropped":
            samples -= samples % (workers * task.training.batch_size)
        assert schedule.parallel_work == epochs * samples * task.architecture.flops_per_sample
        assert schedule.critical_path <= schedule.parallel_work + sum(
            r.times * r.serial for r in schedule.rounds
        )
        assert max(len(r.tasks) for r in schedule.rounds) == workers


@pytest.mark.parametrize("backend", ["threading", "loky"])
@pytest.mark.parametrize(("strategy", "options", "workers"), CASES)
def test_backend_and_jobs_change_nothing(
    strategy: Strategy, options: Options, workers: int, backend: str
) -> None:
    if strategy.races(options) and workers > 1:
        pytest.skip("its numbers depend on which thread comes first")
    expected = parameters(run(strategy, options, workers))
    for jobs in (1, 3):
        with pool(backend, jobs) as several:
            task = make_task(strategy, options, workers, several)
            found = parameters(list(strategy.train(task)))
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(("strategy", "options"), VARIANTS)
def test_one_worker_is_the_sequential_network(strategy: Strategy, options: Options) -> None:
    if not is_sequential(options):
        pytest.skip("this variant changes the network of one worker, too")
    # Within its worker batches, exemplar learns online.
    online = strategy.online or strategy.name == "exemplar"
    training = make_training(epochs=4, batch_size=1 if online else 5)
    sequential = run(named("sequential"), {}, 1, training=training)[-1].network.parameters
    one = run(strategy, options, 1)[-1].network.parameters
    if (
        strategy.name == "minibatch"
    ):  # a gradient that is added up before it is applied is rounded once more
        np.testing.assert_allclose(one, sequential, rtol=1e-4, atol=1e-6)
    else:
        np.testing.assert_array_equal(one, sequential)


class TestSpmd:
    def test_merged_network_is_the_mean_of_its_children(self) -> None:
        for options in options_of(named("spmd")):
            if options["combine"] == "sum" or options["biases"] == "kept":
                continue
            for snapshot in run(named("spmd"), options, 3):
                if snapshot.network is None:
                    continue
                for part in ("weights", "biases"):
                    for layer in range(2):
                        children = [getattr(child, part)[layer] for child in snapshot.children]
                        merged = getattr(snapshot.network, part)[layer]
                        np.testing.assert_allclose(
                            merged, np.mean(children, axis=0), rtol=1e-6, atol=1e-7
                        )

    def test_children_go_on_from_the_mean_only_if_it_is_broadcast(self) -> None:
        strategy = named("spmd")
        broadcast, shadow = (
            run(
                strategy,
                strategy.complete({"after_merge": after}),
                3,
                training=make_training(learning_rate=1e-9),
            )
            for after in ("broadcast", "shadow")
        )

        def spread(snapshot: Snapshot) -> float:
            return float(np.ptp([child.parameters for child in snapshot.children], axis=0).max())

        independent = strategy.complete({"after_merge": "broadcast", "start": "independent"})
        merged = run(strategy, independent, 3, training=make_training(learning_rate=1e-9))
        alone = run(
            strategy,
            {**independent, "after_merge": "shadow"},
            3,
            training=make_training(learning_rate=1e-9),
        )
        # With next to no learning, networks differ only by their starts.
        assert spread(broadcast[0]) == spread(shadow[0]) == 0
        assert spread(merged[0]) > 0.1
        assert spread(merged[2]) < 1e-6
        assert spread(alone[2]) > 0.1

    def test_one_merge_at_the_end_equals_the_shadow_of_the_last_epoch(self) -> None:
        strategy = named("spmd")
        once = run(strategy, strategy.complete({"merge": "once"}), 3)
        shadow = run(strategy, strategy.complete({"after_merge": "shadow"}), 3)
        assert [snapshot.network is None for snapshot in once] == [False, True, True, True, False]
        np.testing.assert_array_equal(once[-1].network.parameters, shadow[-1].network.parameters)

    def test_a_child_learns_from_its_own_slice_alone(self) -> None:
        strategy = named("spmd")
        options = strategy.complete({"after_merge": "shadow"})
        before = run(strategy, options, 2)
        pixels = np.random.default_rng(11).integers(0, 256, (46, 30), dtype=np.uint8)
        pixels[23:] = 255 - pixels[23:]
        after = run(strategy, options, 2, pixels=pixels)
        first, second = zip(before[-1].children, after[-1].children, strict=True)
        np.testing.assert_array_equal(first[0].parameters, first[1].parameters)
        assert not np.array_equal(second[0].parameters, second[1].parameters)

    def test_a_shared_batch_gives_each_child_its_part(self) -> None:
        strategy = named("spmd")
        shared = run(
            strategy,
            strategy.complete({"batch": "shared"}),
            3,
            training=make_training(batch_size=12),
        )
        own = run(strategy, strategy.complete({}), 3, training=make_training(batch_size=4))
        np.testing.assert_array_equal(shared[-1].network.parameters, own[-1].network.parameters)

    def test_a_shared_batch_that_does_not_divide_is_dealt_out_whole(self) -> None:
        """Of a batch of 5 shared by 3 child networks, two have 2 samples and one has 1."""
        strategy = named("spmd")
        options = strategy.complete({"batch": "shared", "after_merge": "shadow"})
        shared = run(strategy, options, 3, training=make_training(batch_size=5))[-1]
        for size, worker in ((2, 0), (2, 1), (1, 2)):
            training = make_training(batch_size=size)
            own = run(strategy, {**options, "batch": "child"}, 3, training=training)[-1]
            np.testing.assert_array_equal(
                shared.children[worker].parameters, own.children[worker].parameters
            )

    def test_the_mean_does_not_lose_precision(self) -> None:
        architecture = Architecture((1, 1))
        children = [
            Network(architecture, np.full(2, value, np.float32)) for value in (1e8, 1, -1e8)
        ]
        np.testing.assert_allclose(combine("mean", children).parameters, 1 / 3, rtol=1e-6)


class TestRegistry:
    def test_an_unknown_strategy_is_named_with_the_nearest(self) -> None:
        with pytest.raises(PnncoreError, match="'smpd'; did you mean 'spmd'"):
            named("smpd")

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"merg": "once"}, r"options\.merg: spmd has no such option; did you mean 'merge'"),
            ({"merge": "onc"}, r"options\.merge: 'onc' is not a value of it; did you mean 'once'"),
        ],
    )
    def test_unknown_options_are_refused(self, options: Options, message: str) -> None:
        with pytest.raises(PnncoreError, match=message):
            named("spmd").complete(options)

    def test_too_many_workers_are_refused(self) -> None:
        with pytest.raises(
            PnncoreError, match=r"sequential has 1 at most, not 2; set workers to \[1\]"
        ):
            named("sequential").check_workers(2)

    @pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda strategy: strategy.name)
    def test_strategies_say_what_they_are(self, strategy: Strategy) -> None:
        assert strategy.name in MODULES
        assert strategy.summary.endswith(".")
