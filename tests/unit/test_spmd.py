"""Child networks on slices of the data, and what becomes of them."""

from typing import Any

import numpy as np
import pytest
from conformance import make_task, run, variants
from msgspec import structs, to_builtins
from networks import make_run, make_spec, make_training

from pnncore.combining.mean import mean_of
from pnncore.data.dataset import Dataset, Split
from pnncore.kernels.listed import list_pixels
from pnncore.network.architecture import Architecture
from pnncore.network.network import Network
from pnncore.network.sgd import train_epoch
from pnncore.pool import pool
from pnncore.run import train
from pnncore.strategies.contract import Options, Snapshot, Strategy
from pnncore.strategies.registry import STRATEGIES
from records.combining import Mean, Sum
from records.settings import Convolution, Training

SPMD = STRATEGIES.named("spmd")


def spmd(workers: int = 3, changes: dict[str, Any] | None = None, **options: Any) -> list[Snapshot]:
    return run(SPMD, SPMD.complete(options), workers, **(changes or {}))


def spread(snapshot: Snapshot) -> float:
    """How far the child networks are apart, where they are most."""
    return float(np.ptp([child.parameters for child in snapshot.children], axis=0).max())


def total(snapshot: Snapshot) -> np.ndarray:
    return np.sum([child.parameters for child in snapshot.children], axis=0, dtype=np.float64)


class TestCombine:
    @pytest.mark.parametrize(("strategy", "options"), variants([SPMD]))
    def test_a_merged_network_is_the_mean_or_the_sum_of_its_children(
        self, strategy: Strategy, options: Options
    ) -> None:
        if options.biases == "kept" or options.merged_at == "multiples":
            pytest.skip("it has other biases, or was merged earlier")
        if options.sent != "float32" or options.dropped or options.late:
            pytest.skip("not all of its children arrive, or not as they are")
        if not isinstance(options.combine, Mean | Sum):
            pytest.skip("it has another rule")
        parts = 3 if isinstance(options.combine, Mean) else 1
        for snapshot in run(strategy, options, 3):
            if snapshot.network is not None:
                np.testing.assert_allclose(
                    snapshot.network.parameters, total(snapshot) / parts, rtol=1e-6, atol=1e-7
                )

    @pytest.mark.parametrize("workers", [1, 2, 7])
    def test_the_sum_is_the_mean_times_the_children(self, workers: int) -> None:
        changes = {"after_merge": "shadow"}
        means, sums = (spmd(workers, combine={"name": kind}, **changes) for kind in ("mean", "sum"))
        for mean, added in zip(means, sums, strict=True):
            np.testing.assert_allclose(
                added.network.parameters, workers * mean.network.parameters, rtol=1e-6
            )

    def test_the_mean_does_not_lose_precision(self) -> None:
        children = np.array([np.full(2, value) for value in (1e8, 1, -1e8)], np.float32)
        np.testing.assert_allclose(mean_of(children), 1 / 3, rtol=1e-6)


class TestBiases:
    @pytest.mark.parametrize("combined", ["mean", "sum"])
    def test_biases_may_stay_as_they_started(self, combined: str) -> None:
        kept, merged = (
            spmd(biases=biases, combine={"name": combined}, after_merge="shadow")
            for biases in ("kept", "merged")
        )
        for one, other in zip(kept, merged, strict=True):
            for layer in range(2):
                np.testing.assert_array_equal(
                    one.network.biases[layer], kept[0].children[0].biases[layer]
                )
                np.testing.assert_array_equal(
                    one.network.weights[layer], other.network.weights[layer]
                )

    def test_a_convolutions_biases_stay_too(self) -> None:
        architecture = Architecture((25, 4), convolution=Convolution(3, 2, 2))
        pixels = np.random.default_rng(11).integers(0, 256, (46, 25), dtype=np.uint8)
        changes = {"architecture": architecture, "pixels": pixels}
        kept = spmd(changes=changes, biases="kept")
        start, last = kept[0].network, kept[-1].network
        np.testing.assert_array_equal(last.filter_biases, start.filter_biases)
        assert not np.array_equal(last.filters, start.filters)


class TestMerges:
    def test_children_go_on_from_the_mean_only_if_it_is_broadcast(self) -> None:
        # With next to no learning, networks differ only by their starts.
        changes = {"training": make_training(learning_rate=1e-9)}
        for after_merge in ("broadcast", "shadow"):
            assert spread(spmd(changes=changes, after_merge=after_merge)[0]) == 0
        merged, alone = (
            spmd(changes=changes, after_merge=after_merge, start="independent")
            for after_merge in ("broadcast", "shadow")
        )
        assert spread(merged[0]) > 0.1
        assert spread(merged[2]) < 1e-6
        assert spread(alone[2]) > 0.1

    @pytest.mark.parametrize("every", [1, 2, 3, 4, 5])
    def test_merges_come_every_so_many_epochs_and_at_the_end(self, every: int) -> None:
        snapshots = spmd(every=every)
        merged = [snapshot.epoch for snapshot in snapshots if snapshot.network is not None]
        assert merged == sorted({0, 4, *range(every, 5, every)})

    def test_between_merges_children_go_on_alone(self) -> None:
        seldom, alone = spmd(every=2), spmd(after_merge="shadow")
        for epoch in (1, 2):
            for child, other in zip(seldom[epoch].children, alone[epoch].children, strict=True):
                np.testing.assert_array_equal(child.parameters, other.parameters)
        np.testing.assert_array_equal(seldom[2].network.parameters, alone[2].network.parameters)
        assert spread(seldom[3]) < spread(alone[3])

    def test_a_period_as_long_as_the_training_is_one_merge(self) -> None:
        once, seldom = spmd(merge="once"), spmd(every=4)
        assert [snapshot.network is None for snapshot in once] == [False, True, True, True, False]
        np.testing.assert_array_equal(once[-1].network.parameters, seldom[-1].network.parameters)

    def test_one_merge_at_the_end_equals_the_shadow_of_the_last_epoch(self) -> None:
        once, shadow = spmd(merge="once"), spmd(after_merge="shadow")
        np.testing.assert_array_equal(once[-1].network.parameters, shadow[-1].network.parameters)


class TestMultiples:
    """Merges of what children are when they meet certain samples (Ott's program)."""

    ONLINE = make_training(batch_size=1, shuffle=False, epochs=1)
    PIXELS = np.random.default_rng(3).integers(0, 256, (50, 30), dtype=np.uint8)
    LABELS = np.arange(50, dtype=np.uint8) % 4

    def found(self, workers: int, training: Training = ONLINE, **options: Any) -> Snapshot:
        changes = {"pixels": self.PIXELS, "labels": self.LABELS, "training": training}
        changes["checkpoints"] = (training.epochs,)
        return spmd(workers, changes, merge="once", start="independent", **options)[-1]

    def starts(self, workers: int) -> list[Network]:
        with pool("threading", 1) as one:
            task = make_task(SPMD, {}, workers, one)
            return [task.start(worker) for worker in range(workers)]

    @pytest.mark.parametrize("combined", ["sum", "mean"])
    @pytest.mark.parametrize("workers", [1, 2, 5, 10])
    def test_blocks_of_one_size_are_merged_at_their_ends(self, workers: int, combined: str) -> None:
        early, end = (
            self.found(workers, merged_at=each, combine={"name": combined})
            for each in ("multiples", "end")
        )
        np.testing.assert_array_equal(early.network.parameters, end.network.parameters)

    @pytest.mark.parametrize("epochs", [1, 2])
    @pytest.mark.parametrize("size", [1, 3])
    @pytest.mark.parametrize("workers", [6, 12, 20])
    def test_other_blocks_are_merged_before_their_ends_or_twice(
        self, workers: int, size: int, epochs: int
    ) -> None:
        """A twin trains sample by sample, with a counter."""
        training = structs.replace(self.ONLINE, batch_size=size, epochs=epochs)
        every, total, added = 50 // workers, 0.0, [0] * workers
        listed = list_pixels(self.PIXELS, training.inputs)
        for worker, network in enumerate(self.starts(workers)):
            block = np.array_split(np.arange(50), workers)[worker]
            for epoch in range(epochs):
                for batch in np.split(block, range(size, len(block), size)):
                    train_epoch(network, listed, self.LABELS, batch, training)
                    times = sum((number + 1) % every == 0 for number in batch)
                    if epoch == epochs - 1:
                        added[worker] += times
                        total = total + times * network.parameters.astype(float)
        found = self.found(workers, training, merged_at="multiples", combine={"name": "sum"})
        np.testing.assert_allclose(found.network.parameters, total, rtol=1e-5, atol=1e-6)
        assert sum(added) == 50 // every
        assert (max(added) > 1) == (workers == 20)
        mean = self.found(workers, training, merged_at="multiples", combine={"name": "mean"})
        np.testing.assert_allclose(mean.network.parameters, total / workers, rtol=1e-5, atol=1e-6)

    def test_children_learn_on_to_their_ends(self) -> None:
        early, end = (self.found(6, merged_at=each) for each in ("multiples", "end"))
        for one, other in zip(early.children, end.children, strict=True):
            np.testing.assert_array_equal(one.parameters, other.parameters)
        assert early.loss == pytest.approx(end.loss)
        assert not np.array_equal(early.network.parameters, end.network.parameters)


class TestSlices:
    def test_a_child_learns_from_its_own_slice_alone(self) -> None:
        before = spmd(2, after_merge="shadow")
        pixels = np.random.default_rng(11).integers(0, 256, (46, 30), dtype=np.uint8)
        pixels[23:] = 255 - pixels[23:]
        after = spmd(2, {"pixels": pixels}, after_merge="shadow")
        first, second = zip(before[-1].children, after[-1].children, strict=True)
        np.testing.assert_array_equal(first[0].parameters, first[1].parameters)
        assert not np.array_equal(second[0].parameters, second[1].parameters)

    def test_a_shared_batch_gives_each_child_its_part(self) -> None:
        shared = spmd(changes={"training": make_training(batch_size=12)}, batch="shared")
        own = spmd(changes={"training": make_training(batch_size=4)})
        np.testing.assert_array_equal(shared[-1].network.parameters, own[-1].network.parameters)

    def test_a_shared_batch_that_does_not_divide_is_dealt_out_whole(self) -> None:
        """Of a batch of 5 shared by 3 child networks, two have 2 samples and one has 1."""
        changes = {"training": make_training(batch_size=5)}
        shared = spmd(changes=changes, batch="shared", after_merge="shadow")[-1]
        for size, worker in ((2, 0), (2, 1), (1, 2)):
            changes = {"training": make_training(batch_size=size)}
            own = spmd(changes=changes, after_merge="shadow")[-1]
            np.testing.assert_array_equal(
                shared.children[worker].parameters, own.children[worker].parameters
            )


def test_sums_that_grow_without_end_are_a_result() -> None:
    """Every broadcast of a sum multiplies the weights by the workers, until they are no numbers any more."""
    rng = np.random.default_rng(0)
    split = Split(
        rng.integers(0, 256, (40, 4, 5), dtype=np.uint8),
        rng.integers(0, 10, 40).astype(np.uint8),
    )
    training = {**make_spec()["training"], "epochs": 100}
    spec = make_run(
        strategy="spmd",
        workers=7,
        options={"combine": {"name": "sum"}},
        training=training,
        evaluate_every=9,
    )
    with pool("threading", 1) as one:
        record = to_builtins(
            train(SPMD, spec, Dataset("tiny", 10, split, split), one, lambda line: None)
        )
    assert record["status"] == "diverged"
    epoch = record["diverged_at"]
    # 7^45 is the last power of 7 that single precision holds.
    assert 10 < epoch < 50
    assert [row["epoch"] for row in record["epochs"]] == list(range(0, epoch, 9))
