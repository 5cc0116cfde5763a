"""Worker batches against a plain twin, merge by merge."""

import itertools
from typing import Any

import numpy as np
import pytest
import twin
from conformance import make_task, run
from msgspec import structs
from networks import make_training

from pnncore.kernels.merging import PART, add_shares
from pnncore.network.architecture import Architecture
from pnncore.network.network import Network
from pnncore.pool import pool
from pnncore.randomness import stream
from pnncore.strategies.contract import Task
from pnncore.strategies.exemplar import ExemplarOptions
from pnncore.strategies.registry import STRATEGIES
from records.settings import Division, DivisionGradient, ElasticNetDirection

EXEMPLAR = STRATEGIES.named("exemplar")
# Of 46 samples, batches of 5 leave a last one of 1; with 3 or 7 workers, the last round is not full.
WORKERS = (1, 2, 3, 7)
OPTIONS = [
    ExemplarOptions(*values)
    for values in itertools.product(
        ("mean", "sum", "outstanding"), ("rounds", "return"), ("merged", "own")
    )
]
EVERY = pytest.mark.parametrize("options", OPTIONS, ids=lambda o: "-".join(structs.astuple(o)))


class Twin:
    """The strategy in double precision, one worker after another."""

    def __init__(self, task: Task[ExemplarOptions]) -> None:
        self.task = task
        self.start = task.start().parameters.astype(np.float64)
        self.main = self.start.copy()
        self.workers = [self.start.copy() for _ in range(task.workers)]
        self.bases = [self.start.copy() for _ in range(task.workers)]
        self.combine = task.options.combine
        self.refreshes = task.options.refresh == "merged"

    def train(self) -> np.ndarray:
        samples = len(self.task.labels)
        size = self.task.training.batch_size
        for epoch in range(1, self.task.checkpoints[-1] + 1):
            order = np.arange(samples)
            if self.task.training.shuffle:
                order = stream(self.task.seed, "shuffle", 0, epoch).permutation(order)
            batches = [order[first : first + size] for first in range(0, samples, size)]
            if self.task.options.merge == "rounds":
                for first in range(0, len(batches), self.task.workers):
                    self.take_a_round(batches[first : first + self.task.workers])
            else:
                for number, batch in enumerate(batches):
                    out = min(self.task.workers, len(batches) - number)
                    self.take_a_turn(number % self.task.workers, batch, out)
        return self.main

    def learn(self, worker: int, batch: np.ndarray) -> None:
        """Let a worker learn from a batch, sample by sample."""
        network = Network(self.task.architecture, self.workers[worker])
        online = structs.replace(self.task.training, batch_size=1)
        twin.train_epoch(network, self.task.pixels, self.task.labels, batch, online)

    def take_a_round(self, batches: list[np.ndarray]) -> None:
        for worker, batch in enumerate(batches):
            if self.refreshes:
                self.workers[worker] = self.main.copy()
            self.learn(worker, batch)
        # With weights of their own, workers without a batch count, too: they know what they knew.
        merged = self.workers[: len(batches)] if self.refreshes else self.workers
        if self.combine == "mean":
            self.main = np.mean(merged, axis=0)
            return
        origin = self.main if self.refreshes else self.start
        changes = [worker - origin for worker in merged]
        out = [len(merged) - back for back in range(len(merged))]
        self.main = origin + sum(
            change / (1 if self.combine == "sum" else left)
            for change, left in zip(changes, out, strict=True)
        )

    def take_a_turn(self, worker: int, batch: np.ndarray, out: int) -> None:
        self.learn(worker, batch)
        change = self.workers[worker] - self.bases[worker]
        divisor = {"mean": self.task.workers, "sum": 1, "outstanding": out}[self.combine]
        self.main = self.main + change / divisor
        if self.refreshes:
            self.workers[worker] = self.main.copy()
        self.bases[worker] = self.workers[worker].copy()


def compare(options: ExemplarOptions, workers: int, **changes: Any) -> None:
    with pool("threading", 1) as one:
        task = make_task(EXEMPLAR, options, workers, one, **changes)
        *_, last = EXEMPLAR.train(task)
    expected = Twin(task).train()
    assert np.abs(expected - task.start().parameters).max() > 0.05  # or nothing was learnt
    np.testing.assert_allclose(last.network.parameters, expected, rtol=1e-4, atol=1e-5)


@EVERY
@pytest.mark.parametrize("workers", WORKERS)
def test_numbers_are_the_twins(options: ExemplarOptions, workers: int) -> None:
    compare(options, workers, architecture=Architecture((30, 8, 4), "tanh"))


@EVERY
@pytest.mark.parametrize(
    ("division", "gradient", "direction"),
    [("sending", "exact", "shrink"), ("every-layer", "ignored", "grow")],
)
def test_the_papers_rule_is_the_twins(
    options: ExemplarOptions,
    division: Division,
    gradient: DivisionGradient,
    direction: ElasticNetDirection,
) -> None:
    """Two hidden layers of ELU, divided sums, the diagonal error, and an elastic net strong enough to see."""
    training = make_training(
        learning_rate=0.8,
        error="diagonal",
        elastic_net=1e-3,
        elastic_net_direction=direction,
        elastic_net_biases=direction == "grow",
        inputs="raw" if division == "every-layer" else "unit",
    )
    architecture = Architecture(
        (30, 8, 6, 4),
        "elu",
        loss="quadratic",
        elu_alpha=0.5,
        division=division,
        division_gradient=gradient,
    )
    compare(options, 3, architecture=architecture, training=training, checkpoints=(1, 2), seed=3)


@EVERY
@pytest.mark.parametrize("workers", WORKERS)
def test_threads_change_no_bit(options: ExemplarOptions, workers: int) -> None:
    alone = run(EXEMPLAR, options, workers, jobs=1)
    for jobs in {2, workers}:
        several = run(EXEMPLAR, options, workers, jobs=jobs)
        for one, other in zip(alone, several, strict=True):
            np.testing.assert_array_equal(one.network.parameters, other.network.parameters)
            assert one.loss == other.loss


def test_one_worker_that_adds_is_one_that_averages() -> None:
    results = [run(EXEMPLAR, options, 1)[-1].network.parameters for options in OPTIONS]
    for result in results[1:]:
        np.testing.assert_array_equal(result, results[0])


def merge_outstanding(workers: int, divisors: np.ndarray, change: float = 1.0) -> np.ndarray:
    """Merge workers that have all moved by the same, in parts, and return the main network."""
    start = np.random.default_rng(2).normal(size=PART + 9).astype(np.float32)
    merged, sums = start.copy(), np.empty(PART)
    for low, high in ((0, 17), (17, len(start))):
        rows = np.tile(start + np.float32(change), (workers, 1))
        add_shares(rows, divisors, merged, merged, low, high, sums)
    return merged - start


@pytest.mark.parametrize("workers", [1, 2, 16])
def test_the_shares_of_a_round_add_up_to_a_harmonic_number(workers: int) -> None:
    """One for one worker, 3.38 for sixteen, whoever returns first."""
    harmonic = sum(1 / out for out in range(1, workers + 1))
    assert round(harmonic, 2) == {1: 1.0, 2: 1.5, 16: 3.38}[workers]
    divisors = np.random.default_rng(3).permutation(np.arange(1.0, workers + 1))
    np.testing.assert_allclose(merge_outstanding(workers, divisors), harmonic, rtol=1e-5)


@pytest.mark.parametrize("combine", ["mean", "sum"])
def test_a_mean_or_a_sum_of_a_round_knows_no_order(combine: str) -> None:
    options = [EXEMPLAR.complete({"combine": combine, "order": o}) for o in ("worker", "arrival")]
    assert not any(map(EXEMPLAR.races, options))
    one, other = (run(EXEMPLAR, each, 3, jobs=3)[-1] for each in options)
    np.testing.assert_array_equal(one.network.parameters, other.network.parameters)


@pytest.mark.parametrize("merge", ["rounds", "return"])
def test_those_who_arrive_one_after_another_arrive_in_their_own_order(merge: str) -> None:
    """One thread trains worker after worker: then a race has the numbers of the workers' own order."""
    options = [
        EXEMPLAR.complete({"combine": "outstanding", "merge": merge, "order": order})
        for order in ("worker", "arrival")
    ]
    assert [EXEMPLAR.races(each) for each in options] == [False, True]
    one, other = (run(EXEMPLAR, each, 7, jobs=1)[-1] for each in options)
    np.testing.assert_array_equal(one.network.parameters, other.network.parameters)


def test_every_order_of_arrival_is_one_of_the_possible_ones() -> None:
    """A single round of three workers ends in one of six main networks."""
    training = make_training(batch_size=16, shuffle=False)
    changes: dict[str, Any] = {"training": training, "checkpoints": (1,)}
    options = EXEMPLAR.complete({"combine": "outstanding", "order": "arrival"})
    with pool("threading", 1) as one:
        task = make_task(EXEMPLAR, options, 3, one, **changes)
    batches = [np.arange(first, min(first + 16, 46)) for first in range(0, 46, 16)]
    plain = Twin(task)
    for worker, batch in enumerate(batches):
        plain.learn(worker, batch)
    moves = [worker - plain.start for worker in plain.workers]
    possible = [
        plain.start + sum(move / out for move, out in zip(moves, outs, strict=True))
        for outs in itertools.permutations((3, 2, 1))
    ]
    for _ in range(5):
        found = run(EXEMPLAR, options, 3, **changes)[-1].network.parameters
        assert min(np.abs(found - each).max() for each in possible) < 1e-5


def test_a_batch_of_all_samples_is_one_worker_at_work() -> None:
    """The others have nothing to do, and do not count in the mean."""
    training = make_training(batch_size=100)
    options = EXEMPLAR.complete({})
    one, many = (run(EXEMPLAR, options, n, training=training)[-1] for n in (1, 5))
    np.testing.assert_array_equal(one.network.parameters, many.network.parameters)


def test_the_schedule_has_a_round_for_every_handful_of_batches() -> None:
    with pool("threading", 1) as one:
        task = make_task(EXEMPLAR, EXEMPLAR.complete({}), 3, one)
        _, *rounds = EXEMPLAR.schedule(task).rounds
    # Ten batches for three workers: three rounds, and one worker with the last sample.
    assert [(r.times / task.training.epochs, len(r.tasks), r.barriers) for r in rounds] == [
        (3, 3, 2),
        (1, 1, 2),
    ]
    parameters = task.architecture.n_parameters
    assert {r.bytes_moved for r in rounds} == {8 * parameters}
    # Each worker is read, the main network written, and a copy of it made for each worker.
    assert [r.shared for r in rounds] == [parameters * 10, parameters * 4]


def test_merges_on_return_overlap_with_the_others_batches() -> None:
    with pool("threading", 1) as one:
        task = make_task(EXEMPLAR, EXEMPLAR.complete({"merge": "return"}), 3, one)
        _, *rounds = EXEMPLAR.schedule(task).rounds
    assert all(r.overlapping and r.serial and not r.barriers for r in rounds)
