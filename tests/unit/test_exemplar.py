"""Worker batches against a plain twin, merge by merge."""

import itertools
from typing import Any

import numpy as np
import pytest
import twin
from conformance import make_task, run
from msgspec import structs
from networks import make_training

from pnncore.network.architecture import Architecture
from pnncore.network.network import Network
from pnncore.pool import pool
from pnncore.randomness import stream
from pnncore.strategies.contract import Task
from pnncore.strategies.exemplar import ExemplarOptions
from pnncore.strategies.registry import STRATEGIES

EXEMPLAR = STRATEGIES.named("exemplar")
# Of 46 samples, batches of 5 leave a last one of 1; with 3 or 7 workers, the last round is not full.
WORKERS = (1, 2, 3, 7)
OPTIONS = [
    ExemplarOptions(*values)
    for values in itertools.product(("mean", "sum"), ("rounds", "return"), ("merged", "own"))
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
        self.adds = task.options.combine == "sum"
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
                    self.take_a_turn(number % self.task.workers, batch)
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
        if self.adds:
            origin = self.main if self.refreshes else self.start
            self.main = origin + sum(worker - origin for worker in merged)
        else:
            self.main = np.mean(merged, axis=0)

    def take_a_turn(self, worker: int, batch: np.ndarray) -> None:
        self.learn(worker, batch)
        change = self.workers[worker] - self.bases[worker]
        self.main = self.main + change / (1 if self.adds else self.task.workers)
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
def test_the_papers_rule_is_the_twins(options: ExemplarOptions) -> None:
    """Two hidden layers of ELU, divided sums, the diagonal error, and an elastic net strong enough to see."""
    training = make_training(learning_rate=0.8, error="diagonal", elastic_net=1e-3)
    architecture = Architecture(
        (30, 8, 6, 4), "elu", loss="quadratic", elu_alpha=0.5, division="sending"
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
