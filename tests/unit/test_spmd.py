"""Child networks on slices of the data and their mean or sum."""

import numpy as np
from conformance import options_of, run
from networks import make_training

from pnncore.network import Architecture, Network
from pnncore.strategies.contract import Snapshot
from pnncore.strategies.registry import named
from pnncore.strategies.spmd import combine


def test_merged_network_is_the_mean_of_its_children() -> None:
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


def test_children_go_on_from_the_mean_only_if_it_is_broadcast() -> None:
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


def test_one_merge_at_the_end_equals_the_shadow_of_the_last_epoch() -> None:
    strategy = named("spmd")
    once = run(strategy, strategy.complete({"merge": "once"}), 3)
    shadow = run(strategy, strategy.complete({"after_merge": "shadow"}), 3)
    assert [snapshot.network is None for snapshot in once] == [False, True, True, True, False]
    np.testing.assert_array_equal(once[-1].network.parameters, shadow[-1].network.parameters)


def test_a_child_learns_from_its_own_slice_alone() -> None:
    strategy = named("spmd")
    options = strategy.complete({"after_merge": "shadow"})
    before = run(strategy, options, 2)
    pixels = np.random.default_rng(11).integers(0, 256, (46, 30), dtype=np.uint8)
    pixels[23:] = 255 - pixels[23:]
    after = run(strategy, options, 2, pixels=pixels)
    first, second = zip(before[-1].children, after[-1].children, strict=True)
    np.testing.assert_array_equal(first[0].parameters, first[1].parameters)
    assert not np.array_equal(second[0].parameters, second[1].parameters)


def test_a_shared_batch_gives_each_child_its_part() -> None:
    strategy = named("spmd")
    shared = run(
        strategy,
        strategy.complete({"batch": "shared"}),
        3,
        training=make_training(batch_size=12),
    )
    own = run(strategy, strategy.complete({}), 3, training=make_training(batch_size=4))
    np.testing.assert_array_equal(shared[-1].network.parameters, own[-1].network.parameters)


def test_a_shared_batch_that_does_not_divide_is_dealt_out_whole() -> None:
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


def test_the_mean_does_not_lose_precision() -> None:
    architecture = Architecture((1, 1))
    children = [Network(architecture, np.full(2, value, np.float32)) for value in (1e8, 1, -1e8)]
    np.testing.assert_allclose(combine("mean", children).parameters, 1 / 3, rtol=1e-6)
