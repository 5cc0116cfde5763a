"""Gradients that threads add up, with and without losing some of them."""

from typing import Any

import joblib
import numpy as np
import pytest
import twin
from conformance import make_task, options_of, run
from msgspec import structs
from networks import make_training

from pnncore.network.architecture import Architecture
from pnncore.network.network import Network
from pnncore.pool import pool
from pnncore.randomness import stream
from pnncore.strategies.contract import Snapshot, Task
from pnncore.strategies.minibatch import MinibatchOptions
from pnncore.strategies.registry import STRATEGIES
from records.errors import InputError
from records.settings import Convolution
from records.settings import Network as Settings

MINIBATCH = STRATEGIES.named("minibatch")
ROUNDING = 1e-5
DEEP = {"architecture": Architecture((30, 8, 6, 4), "tanh")}
CONVOLUTION = {
    "architecture": Architecture((36, 5, 4), convolution=Convolution(3, 3, 2)),
    "pixels": np.random.default_rng(2).integers(0, 256, (46, 36), dtype=np.uint8),
}
# So many threads with so little else to do meet in the common gradient again and again.
CROWD = {
    "architecture": Architecture((64, 512, 10)),
    "pixels": np.random.default_rng(0).integers(1, 256, (2000, 64), dtype=np.uint8),
    "labels": np.random.default_rng(1).integers(0, 10, 2000).astype(np.uint8),
    "training": make_training(batch_size=1, learning_rate=0.01, epochs=1),
    "checkpoints": (1,),
}


def minibatch(
    workers: int, changes: dict[str, Any], jobs: int | None = None, **options: Any
) -> list[Snapshot]:
    return run(MINIBATCH, MINIBATCH.complete(options), workers, jobs, **changes)


def lost(snapshots: list[Snapshot]) -> list[float]:
    return [snapshot.metrics["lost_share"] for snapshot in snapshots if snapshot.metrics]


def train_twin(task: Task[MinibatchOptions]) -> np.ndarray:
    """Train in double precision, a common batch at a time; return the parameters."""
    start = task.start()
    network = Network(start.architecture, start.parameters.astype(np.float64))
    total = np.zeros_like(network.parameters)
    size = task.workers * task.training.batch_size
    # At rate 1, what an update subtracts is the gradient.
    alone = structs.replace(task.training, learning_rate=1.0, gradient="sum", elastic_net=0.0)
    for epoch in range(1, task.checkpoints[-1] + 1):
        order = stream(task.seed, "shuffle", 0, epoch).permutation(len(task.labels))
        if task.options.last == "dropped":
            order = order[: len(order) // size * size]
        for first in range(0, len(order), size):
            batch = order[first : first + size]
            moved = network.copy()
            twin.train_batch(moved, task.pixels[batch] / 255, task.labels[batch], alone)
            total += network.parameters - moved.parameters
            rate = task.training.learning_rate
            network.parameters -= (
                rate * total / (len(batch) if task.training.gradient == "mean" else 1)
            )
            twin.shrink(network, task.training)
            if task.options.clear:
                total[:] = 0
    return network.parameters


@pytest.mark.parametrize(("gradient", "direction"), [("mean", "shrink"), ("sum", "grow")])
@pytest.mark.parametrize("workers", [1, 2, 3, 7])
@pytest.mark.parametrize(
    "options", options_of(MINIBATCH), ids=lambda o: "-".join(map(str, structs.astuple(o)))
)
def test_numbers_are_the_twins(
    options: MinibatchOptions, workers: int, gradient: str, direction: str
) -> None:
    races = options.update == "race" or options.buffers == "shared"
    jobs = 1 if races else workers  # one thread alone loses nothing
    # At a higher rate, sums of gradients that stay would make a rounding grow into a difference.
    training = make_training(
        gradient=gradient,
        learning_rate=0.005,
        elastic_net=1e-3,
        elastic_net_direction=direction,
        elastic_net_biases=direction == "grow",
    )
    with pool("threading", jobs) as some:
        task = make_task(MINIBATCH, options, workers, some, training=training, **DEEP)
        *_, last = MINIBATCH.train(task)
    np.testing.assert_allclose(last.network.parameters, train_twin(task), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("changes", [DEEP, CONVOLUTION], ids=["deep", "convolution"])
def test_a_lock_for_each_weight_gives_what_one_lock_gives(changes: dict[str, Any]) -> None:
    one = [minibatch(1, changes, update=update) for update in ("locked", "locked-weights")]
    for first, second in zip(*one, strict=True):
        np.testing.assert_array_equal(first.network.parameters, second.network.parameters)


@pytest.mark.parametrize("pixels", [30, 36], ids=["dense", "convolution"])
@pytest.mark.parametrize("update", ["reduction", "locked", "locked-weights"])
def test_large_batches_are_whole(update: str, pixels: int) -> None:
    n, rng = 562, np.random.default_rng(4)
    changes: dict[str, Any] = {
        "pixels": rng.integers(0, 256, (n, pixels), dtype=np.uint8),
        "labels": rng.integers(0, 4, n).astype(np.uint8),
        "training": make_training(batch_size=276, learning_rate=1.0, epochs=2),
    }
    if pixels == 36:
        changes["architecture"] = CONVOLUTION["architecture"]
    with pool("threading", 1) as one:
        options = MINIBATCH.complete({"update": update})
        task = make_task(MINIBATCH, options, 1, one, **changes)
        expected = train_twin(task)
        found = list(MINIBATCH.train(task))[-1].network.parameters
    np.testing.assert_allclose(found, expected, atol=ROUNDING)


@pytest.mark.parametrize("changes", [DEEP, CONVOLUTION], ids=["deep", "convolution"])
@pytest.mark.parametrize("workers", [2, 3, 7])
def test_workers_batches_are_one_batch(workers: int, changes: dict[str, Any]) -> None:
    """Adding up what the workers found is the gradient of all their samples, but for the rounding."""
    for update in ("reduction", "locked", "locked-weights"):
        training = make_training(batch_size=3, epochs=4, error="direct")
        found = minibatch(workers, {**changes, "training": training}, update=update)[-1]
        whole = structs.replace(training, batch_size=3 * workers)
        expected = run(STRATEGIES.named("sequential"), {}, 1, training=whole, **changes)[-1]
        np.testing.assert_allclose(
            found.network.parameters, expected.network.parameters, rtol=1e-4, atol=1e-6
        )
        assert found.loss == pytest.approx(expected.loss, rel=1e-5)


def test_samples_that_fill_no_batch_may_be_dropped() -> None:
    """Of 46 samples in the order that they are in, 12 for 3 workers at a time, the last 10 are never seen."""
    changes = {"training": make_training(batch_size=4, shuffle=False)}
    dropped = minibatch(3, changes, last="dropped")
    rng = np.random.default_rng(11)
    pixels = rng.integers(0, 256, (46, 30), dtype=np.uint8)
    labels = rng.integers(0, 4, 46).astype(np.uint8)
    few = minibatch(3, {**changes, "pixels": pixels[:36], "labels": labels[:36]})
    np.testing.assert_array_equal(dropped[-1].network.parameters, few[-1].network.parameters)
    assert dropped[-1].loss == few[-1].loss


def test_dropping_every_mini_batch_is_refused() -> None:
    with pool("threading", 1) as one:
        options = MINIBATCH.complete({"last": "dropped"})
        enough, too_few = (
            make_task(MINIBATCH, options, workers, one, training=make_training(batch_size=20))
            for workers in (2, 3)
        )
    MINIBATCH.check_samples(enough)
    with pytest.raises(InputError, match=r"\b60\b.*\b46\b"):
        MINIBATCH.check_samples(too_few)


def test_gradients_that_stay_act_as_momentum() -> None:
    """On samples that leave the gradient as it is, the k-th update moves k times as far."""
    samples = {"pixels": np.zeros((8, 30), np.uint8), "labels": np.zeros(8, np.uint8)}
    training = make_training(batch_size=1, learning_rate=1e-6, epochs=1)
    changes = {**samples, "training": training, "checkpoints": (1,)}
    start, cleared = (s.network.biases[-1] for s in minibatch(2, changes))
    _, stayed = (s.network.biases[-1] for s in minibatch(2, changes, clear=False))
    # Four updates: 1 + 1 + 1 + 1 against 1 + 2 + 3 + 4.
    np.testing.assert_allclose(stayed - start, 2.5 * (cleared - start), rtol=0.1)


def test_errors_cannot_go_back_through_weights_that_are_updated_later() -> None:
    training = make_training(propagation="updated-weights")
    with pytest.raises(InputError, match=r"^training\.propagation: .*'updated-weights'"):
        MINIBATCH.check(Settings(), training)


class TestAudit:
    @pytest.mark.parametrize("clear", [True, False])
    @pytest.mark.parametrize("workers", [1, 3, 7])
    def test_a_reduction_loses_nothing(self, workers: int, clear: bool) -> None:
        shares = lost(minibatch(workers, DEEP, jobs=workers, audit=True, clear=clear))
        assert len(shares) == 4
        if clear:
            assert shares == [0.0] * 4
        assert max(shares) < ROUNDING

    @pytest.mark.parametrize("workers", [2, 8, 16])
    @pytest.mark.parametrize("update", ["locked", "locked-weights"])
    def test_a_lock_loses_nothing(self, update: str, workers: int) -> None:
        for _ in range(2):
            (share,) = lost(minibatch(workers, CROWD, update=update, audit=True))
            assert share < ROUNDING

    def test_one_thread_loses_nothing(self) -> None:
        assert lost(minibatch(1, CROWD, update="race", audit=True)) == [0.0]
        (share,) = lost(minibatch(8, CROWD, jobs=1, update="race", audit=True))
        assert share < ROUNDING

    @pytest.mark.skipif(joblib.cpu_count() == 1, reason="on one core threads hardly ever collide")
    def test_a_race_loses_some(self) -> None:
        # On a busy machine, the threads of a short run may never be at work at the same time.
        for _ in range(50):
            (share,) = lost(minibatch(8, CROWD, update="race", audit=True))
            if share > ROUNDING:
                break
        assert ROUNDING < share < 1

    def test_an_audit_changes_no_number(self) -> None:
        plain, audited = (minibatch(3, DEEP, audit=audit) for audit in (False, True))
        for one, other in zip(plain, audited, strict=True):
            np.testing.assert_array_equal(one.network.parameters, other.network.parameters)
        assert not any(snapshot.metrics for snapshot in plain)


@pytest.mark.skipif(joblib.cpu_count() == 1, reason="on one core threads hardly ever collide")
@pytest.mark.parametrize("options", [{"update": "race"}, {"buffers": "shared"}], ids=str)
def test_a_race_never_gives_the_same_numbers_twice(options: dict[str, str]) -> None:
    first = minibatch(8, CROWD, **options)[-1].network.parameters
    again = (minibatch(8, CROWD, **options)[-1].network.parameters for _ in range(50))
    assert any(not np.array_equal(first, other) for other in again)


def test_threads_that_share_their_buffers_stay_inside_them() -> None:
    """With a convolution, values are not all there is: places that another thread overwrites would lead astray."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (4000, 784), dtype=np.uint8)
    pixels[rng.random(pixels.shape) < 0.8] = 0
    crowd = {
        "architecture": Architecture((784, 10), convolution=Convolution(8, 5, 2)),
        "pixels": pixels,
        "labels": rng.integers(0, 10, 4000).astype(np.uint8),
        "training": make_training(batch_size=1, learning_rate=1e-4, epochs=1),
        "checkpoints": (1,),
    }
    for _ in range(3):
        last = minibatch(12, crowd, 12, update="race", buffers="shared")[-1]
        assert last.network is not None
        assert np.isfinite(last.network.parameters).all()
